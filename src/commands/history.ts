import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  type ButtonInteraction,
  type ChatInputCommandInteraction,
  MessageFlags,
} from 'discord.js';
import type { Turn } from '../services/ledger/history.ts';
import { type CommandContext, defineCommand, EVERYWHERE } from './command.ts';
import { DETAIL_MAX_CHARACTERS } from './custom-id.ts';
import { renderHistory } from './history.view.ts';
import { locateImages, showableUrl } from './locate-image.ts';
import { described, localized } from './text/index.ts';

export const history = defineCommand({
  payload: {
    type: ApplicationCommandType.ChatInput,
    name: 'history',
    ...described((text) => text.command.history),
    ...EVERYWHERE,
    options: localized([
      {
        type: ApplicationCommandOptionType.String,
        name: 'search',
        ...described((text) => text.command.search),
        // The page's buttons carry it.
        max_length: DETAIL_MAX_CHARACTERS,
      },
    ]),
  },

  async run(interaction, { search }, context) {
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    await showPage(interaction, search?.slice(0, DETAIL_MAX_CHARACTERS) ?? '', null, context);
  },
});

/** Shows the page that a turn leads to in the reply that is deferred; where there is none, the newest one. */
export async function showPage(
  interaction: ChatInputCommandInteraction | ButtonInteraction,
  search: string,
  turn: Turn | null,
  context: CommandContext,
): Promise<void> {
  const { ledger, text } = context;
  const userId = interaction.user.id;
  const page =
    (await ledger.history.page(userId, search, turn)) ?? (await ledger.history.page(userId, search, null));
  const images = page ? await locateImages(page.stored, null, context) : [];
  const urls = images.flatMap((image) => showableUrl(image) ?? []);
  await interaction.editReply(renderHistory(page, urls, search, text));
}
