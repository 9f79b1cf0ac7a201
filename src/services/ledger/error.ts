/** Why the ledger can't be used, in words for the operator. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
}
