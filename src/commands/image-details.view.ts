import type { StoredGeneration } from '../services/ledger/generations.ts';
import { countReferences, referenceNumber } from '../services/ledger/rows.ts';
import type { Tool } from '../services/request/tools.ts';
import { shorten } from '../services/shorten.ts';
import { ACCENT } from './accent.ts';
import { buttonRows, type MessageView } from './components.ts';
import { factsLine } from './facts.ts';
import { numberedRows } from './image-buttons.ts';
import { literal, relativeTime } from './markdown.ts';
import { creativeButtons } from './next-buttons.ts';
import type { Text } from './text/index.ts';

const DESCRIPTION_MAX_CHARACTERS = 4096;

/** Shows the request, its person, time, duration, cost and references. Pure. */
export function renderDetails(
  { generation, tasks, references }: StoredGeneration,
  text: Text,
  tools: readonly Tool[] = [],
): MessageView {
  const { request, userId, createdAt, parentUrl } = generation;
  const costs = tasks.flatMap(({ cost }) => cost ?? []);
  const small = [
    text.details.by(userId, relativeTime(createdAt)),
    ...(costs.length > 0 ? [text.details.cost(costs.reduce((sum, cost) => sum + cost))] : []),
    ...(parentUrl ? [text.madeFrom(parentUrl)] : []),
    text.reference(referenceNumber(generation.id)),
  ].map((line) => `-# ${line}`);
  const room = DESCRIPTION_MAX_CHARACTERS - small.join('\n').length - 2;
  const prompt = shorten(literal(request.prompt.trim()), room);
  return {
    content: '',
    embeds: [
      {
        color: ACCENT,
        title: text.details.title,
        description: [prompt, '', ...small].join('\n'),
        footer: { text: factsLine(generation, { references: countReferences(references), tasks }, text) },
      },
    ],
    components: [
      ...numberedRows({ generation, tasks }, text),
      ...buttonRows(creativeButtons({ generation, tasks }, text, tools)),
    ],
  };
}
