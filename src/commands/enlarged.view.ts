import type { Generation } from '../services/ledger/rows.ts';
import type { Tool } from '../services/request/tools.ts';
import { ACCENT } from './accent.ts';
import { buttonRows, type MessageView } from './components.ts';
import { settingsLine } from './facts.ts';
import { imageButtons } from './image-buttons.ts';
import type { Text } from './text/index.ts';

/** Shows one image of several alone, with its buttons; without the picture if no message can show it. Pure. */
export function renderEnlarged(
  generation: Pick<Generation, 'id' | 'request'>,
  number: number,
  url: string | null,
  text: Text,
  tools: readonly Tool[] = [],
): MessageView {
  const { request } = generation;
  const embed = {
    color: ACCENT,
    title: text.imageOf(number, request.count),
    ...(url === null ? { description: `-# ${text.history.pictureElsewhere}` } : { image: { url } }),
    footer: { text: settingsLine(request, text) },
  };
  return {
    content: '',
    embeds: [embed],
    components: buttonRows(imageButtons(generation, number, text, tools)),
  };
}
