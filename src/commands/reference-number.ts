/** What a person may tell the operator: the line in the log carries it, too. */
export function referenceOf({ id }: { readonly id: string }): string {
  return id.slice(-8);
}
