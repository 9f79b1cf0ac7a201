/** Where the files of the ledger at this path are. */
export function filesBeside(ledgerPath: string): string {
  return `${ledgerPath}-files`;
}
