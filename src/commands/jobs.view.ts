import type { StoredGeneration } from '../services/ledger/generations.ts';
import type { Task, TaskState } from '../services/ledger/rows.ts';
import { canReopen } from '../services/ledger/transitions.ts';
import { isTextTool } from '../services/request/tools.ts';
import type { Place } from '../services/scheduler/fair-order.ts';
import { shorten } from '../services/shorten.ts';
import { ACCENT } from './accent.ts';
import { buttonRows, type MessageView } from './components.ts';
import { literal, relativeTime } from './markdown.ts';
import { placeUrl } from './message-link.ts';
import type { Text } from './text/index.ts';

/** At most two lines on a phone. */
const PROMPT_SHOWN_CHARACTERS = 70;
/** Discord's limit for one row. */
const BUTTONS_SHOWN = 5;

/**
 * Lists a person's generations with a link to each: first those under way, then the finished, each newest first. Pure.
 */
export function renderJobs(
  stored: readonly StoredGeneration[],
  places: ReadonlyMap<string, Place>,
  text: Text,
): MessageView {
  if (stored.length === 0) return { content: text.noJobs, embeds: [], components: [] };
  const lost = lostIn(stored);
  const line = (found: StoredGeneration) =>
    entry(found, { number: lost.indexOf(found) + 1, place: places.get(found.generation.id) ?? null }, text);
  const isOver = ({ generation }: StoredGeneration) => generation.settledAt !== null;
  const blocks = [
    [text.inProgress, stored.filter((found) => !isOver(found))],
    [text.finished, stored.filter(isOver)],
  ] as const;
  const shown = blocks.filter(([, found]) => found.length > 0);
  const description = shown.map(([head, found]) => [`**${head}**`, ...found.map(line)].join('\n'));
  return {
    content: '',
    embeds: [{ color: ACCENT, title: text.jobs, description: description.join('\n\n') }],
    components: buttonRows(
      lost.map(({ generation }, index) => ({
        action: 'send',
        subject: generation.id,
        label: text.button.send(index + 1),
        emoji: '📥',
      })),
    ),
  };
}

/** Generations with an image that hasn't reached the person, as many as there is room for buttons. */
export function lostIn(stored: readonly StoredGeneration[]): StoredGeneration[] {
  return stored.filter(isLost).slice(0, BUTTONS_SHOWN);
}

/** Whether it has an image, or words, that haven't reached the person. */
export function isLost({ generation, tasks }: StoredGeneration): boolean {
  return (
    generation.settledAt !== null &&
    tasks.some((task) => (task.imageUrl ?? task.imageFile ?? task.answer) !== null && canReopen(task))
  );
}

/** `number` is the number of its button, or 0; `place` is its place in the queue. */
function entry(
  { generation, tasks }: StoredGeneration,
  { number, place }: { number: number; place: Place | null },
  text: Text,
): string {
  const prompt = literal(shorten(generation.request.prompt.replace(/\s+/g, ' '), PROMPT_SHOWN_CHARACTERS));
  const states = countStates(tasks);
  const [foremost = 'reserved'] = states.keys();
  const url = placeUrl(generation);
  const { tool } = generation.request;
  const facts = [
    isTextTool(tool) && text.tool.name[tool.name],
    place ? text.inLine(place) : stateWords(states, text),
    relativeTime(generation.createdAt),
    number > 0 ? text.sendWith(number) : url && `[${text.jump}](${url})`,
  ];
  return [`${ICONS[foremost]} ${prompt}`, `-# ${facts.flat().filter(Boolean).join(' · ')}`].join('\n');
}

function stateWords(states: ReadonlyMap<TaskState, number>, text: Text): string[] {
  const several = [...states.values()].reduce((sum, count) => sum + count, 0) > 1;
  return [...states].map(([state, count]) => (several ? `${count} ${text.state[state]}` : text.state[state]));
}

/** Counts the tasks in each state; the states that need most attention come first. */
function countStates(tasks: readonly Task[]): Map<TaskState, number> {
  const states = STATES.filter((state) => tasks.some((task) => task.state === state));
  return new Map(states.map((state) => [state, tasks.filter((task) => task.state === state).length]));
}

const ICONS: Record<TaskState, string> = {
  undeliverable: '📥',
  reserved: '⏳',
  submitting: '⏳',
  running: '🎨',
  completed: '📥',
  expired: '⌛',
  unconfirmed: '❓',
  delivered: '✅',
  failed: '⚠️',
  refused: '⚠️',
  cancelled: '✖️',
};
const STATES = Object.keys(ICONS) as TaskState[];
