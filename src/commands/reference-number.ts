/** A number that a person can tell the operator; the line in the log has it too. */
export function referenceOf({ id }: { readonly id: string }): string {
  return id.slice(-8);
}
