/** The folder with the files of the ledger at this path. */
export function filesBeside(ledgerPath: string): string {
  return `${ledgerPath}-files`;
}
