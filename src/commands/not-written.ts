import type { WriteProblem } from '../services/ledger/error.ts';
import { referenceOf } from './reference-number.ts';
import type { Text } from './text/index.ts';

/** The words for a person whose request couldn't be stored, so that nothing was begun. */
export function notWritten(
  problem: WriteProblem | null,
  interaction: { readonly id: string },
  text: Text,
): string {
  if (problem === 'busy') return text.storageBusy;
  if (problem === 'unreachable') return text.storageAway;
  if (problem === null || problem === 'mistake') return text.notWritten(referenceOf(interaction));
  return text.noStorage;
}
