import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  type ChatInputCommandInteraction,
  type MessageComponentInteraction,
  MessageFlags,
} from 'discord.js';
import { contactSheet } from '../services/images/contact-sheet.ts';
import type { StoredGeneration } from '../services/ledger/generations.ts';
import {
  EVERYTHING,
  type HistoryEntry,
  type HistoryFilter,
  type HistoryPlace,
} from '../services/ledger/history.ts';
import { type CommandContext, defineCommand, EVERYWHERE } from './command.ts';
import { renderHistory } from './history.view.ts';
import { renderSheet } from './history-sheet.view.ts';
import { type HistoryState, SEARCH_MAX_CHARACTERS } from './history-state.ts';
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
        // The buttons of the page carry the search words.
        max_length: SEARCH_MAX_CHARACTERS,
      },
      {
        type: ApplicationCommandOptionType.Boolean,
        name: 'favourites',
        ...described((text) => text.contactSheet.favouritesOption),
      },
    ]),
  },

  async run(interaction, { search, favourites }, context) {
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    const typed = search?.slice(0, SEARCH_MAX_CHARACTERS) ?? '';
    await showSheet(
      interaction,
      { ...EVERYTHING, search: typed, starred: favourites ?? false },
      null,
      context,
    );
  },
});

type Deferred = ChatInputCommandInteraction | MessageComponentInteraction;

/** Shows a page of the person's images in the deferred reply. */
export async function showSheet(
  interaction: Deferred,
  filter: HistoryFilter,
  place: HistoryPlace | null,
  context: CommandContext,
): Promise<void> {
  const userId = interaction.user.id;
  const sheet = await context.ledger.history.sheet(userId, filter, place);
  const tiles = await Promise.all(sheet.items.map((stored) => thumbnailsOf(stored, context)));
  const files = tiles.some(({ length }) => length > 0)
    ? [{ attachment: await contactSheet(tiles, userId), name: 'history.webp' }]
    : [];
  const view = renderSheet(sheet, filter, files[0]?.name ?? null, context.text);
  await interaction.editReply({ ...view, files, attachments: [] });
}

/** Shows one of the person's generations there. If it is gone, shows the page that it was on. */
export async function showEntry(
  interaction: Deferred,
  entry: HistoryEntry | null,
  { filter, position }: HistoryState,
  context: CommandContext,
): Promise<void> {
  if (!entry) return showSheet(interaction, filter, null, context);
  const { stored } = entry;
  const images = await locateImages(stored, null, context);
  const urls = images.flatMap((image) => showableUrl(image) ?? []);
  const small = urls.length > 0 ? [] : await thumbnailsOf(stored, context);
  const files = small.map((attachment, index) => ({ attachment, name: `small-${index + 1}.webp` }));
  const shown = {
    urls: [...urls, ...files.map(({ name }) => `attachment://${name}`)],
    areSmall: files.length > 0,
  };
  const view = renderHistory(entry, shown, { filter, position }, context.text, context.tools);
  await interaction.editReply({ ...view, files, attachments: [] });
}

/** The thumbnails of a generation's images that are still stored. */
export async function thumbnailsOf(
  { generation, tasks }: StoredGeneration,
  { files, log }: Pick<CommandContext, 'files' | 'log'>,
): Promise<Buffer[]> {
  const names = tasks.flatMap(({ thumbnailFile }) => thumbnailFile ?? []);
  try {
    const found = await Promise.all(names.map((name) => files.read(name)));
    return found.filter((bytes) => bytes !== null);
  } catch (err) {
    log.warn({ err, generation: generation.id }, 'what an image looks like could not be read');
    return [];
  }
}
