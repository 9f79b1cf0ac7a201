import type { RepliableInteraction } from 'discord.js';
import type { Draft } from '../services/ledger/drafts.ts';
import type { StoredGeneration } from '../services/ledger/generations.ts';
import type { ReferenceSource } from '../services/ledger/rows.ts';
import type { CommandContext } from './command.ts';
import { draftFrom } from './request-images.ts';

/** One image that is made from another one: the only reference, in place of those that there were. */
export async function draftOfImage(
  interaction: RepliableInteraction,
  stored: StoredGeneration,
  image: ReferenceSource,
  context: Pick<CommandContext, 'ledger'>,
): Promise<Draft> {
  const draft = await draftFrom(interaction, stored, context);
  return { ...draft, request: { ...draft.request, count: 1 }, references: [image] };
}
