import type { AnySelectMenuInteraction, ButtonInteraction } from 'discord.js';
import { draftFor, tell } from '../access.ts';
import { decodeChange } from '../change.ts';
import type { CommandContext } from '../command.ts';
import type { Button, Select } from '../handlers.ts';
import { fromRefusal } from '../kept.ts';
import { requestImages } from '../request-images.ts';

/** Makes a request that was refused, with the change that the button names. */
export const takeWay: Button = {
  action: 'way',
  run: (interaction, { subject, detail = '' }, context) => take(interaction, subject, detail, context),
};

/** The same, with the change that the person picked. */
export const pickWay: Select = {
  action: 'way',
  run: (interaction, { subject }, context) =>
    take(interaction, subject, interaction.values[0] ?? '', context),
};

async function take(
  interaction: ButtonInteraction | AnySelectMenuInteraction,
  draftId: string | null,
  way: string,
  context: CommandContext,
): Promise<void> {
  const { ledger, text } = context;
  const change = decodeChange(way);
  if (!change || draftId === null) return tell(interaction, text.unknownButton);
  if (!(await ledger.drafts.find(draftId))) return tell(interaction, text.wayTaken);
  const draft = await draftFor(interaction, draftId, context);
  if (!draft) return;
  const request = { ...draft.request, ...change };
  const kept = fromRefusal(interaction, draftId, { isAgreed: false, isPrivate: draft.private });
  await requestImages(interaction, { ...draft, request }, context, kept);
}
