import type { APIEmbed } from 'discord.js';
import { shorten } from '../../services/shorten.ts';
import { ACCENT } from '../accent.ts';
import { buttonRows, type MessageView } from '../components.ts';
import { literal } from '../markdown.ts';
import type { Text } from '../text/index.ts';

const DESCRIPTION_MAX_CHARACTERS = 4096;

/** Asks which image should be described. Pure. */
export function renderWhich(draftId: string, urls: readonly (string | null)[], text: Text): MessageView {
  const embeds: APIEmbed[] = urls.map((url, index) => {
    return { color: ACCENT, title: text.button.image(index + 1), ...(url && { thumbnail: { url } }) };
  });
  const buttons = urls.map((_, index) => {
    return {
      ...({ action: 'describe', subject: draftId, detail: String(index) } as const),
      label: text.button.image(index + 1),
    };
  });
  return { content: text.tool.whichDescribed, embeds, components: buttonRows(buttons) };
}

/** Shows a description as plain text. `draftId` is the request that can be made from it. Pure. */
export function renderDescription(said: string, draftId: string, text: Text): MessageView {
  const description = shorten(literal(said), DESCRIPTION_MAX_CHARACTERS);
  return {
    content: '',
    embeds: [{ color: ACCENT, title: text.tool.described, description }],
    components: buttonRows([
      { action: 'draft', subject: draftId, label: text.tool.imagineThis, emoji: '🎨', style: 'primary' },
    ]),
  };
}
