import { type APIEmbed, channelLink, messageLink } from 'discord.js';
import type { StoredGeneration } from '../services/ledger/generations.ts';
import type { Generation, TaskState } from '../services/ledger/rows.ts';
import { canReopen } from '../services/ledger/steps.ts';
import { modelOf } from '../services/models.ts';
import { shorten } from '../services/shorten.ts';
import { ACCENT } from './accent.ts';
import { type ButtonRow, buttonRow } from './components.ts';
import { literal, relativeTime } from './markdown.ts';
import { en } from './text/en.ts';

const PROMPT_SHOWN_CHARACTERS = 80;
/** Discord's limit for one row. */
const BUTTONS_SHOWN = 5;

/** A person's generations, newest first, each with the way to it. Pure. */
export function renderJobs(stored: readonly StoredGeneration[]): {
  content: string;
  embeds: APIEmbed[];
  components: ButtonRow[];
} {
  if (stored.length === 0) return { content: en.noJobs, embeds: [], components: [] };
  const lost = lostIn(stored);
  const lines = stored.map((found) => line(found, lost.indexOf(found) + 1));
  return {
    content: '',
    embeds: [{ color: ACCENT, title: en.jobs, description: lines.join('\n') }],
    components: buttonRow(
      lost.map(({ generation }, index) => ({
        action: 'send',
        subject: generation.id,
        label: en.button.send(index + 1),
        emoji: '📥',
      })),
    ),
  };
}

/** Those whose image exists, but hasn't reached the person: as many as there can be buttons for. */
export function lostIn(stored: readonly StoredGeneration[]): StoredGeneration[] {
  const isLost = ({ generation, tasks }: StoredGeneration) =>
    generation.settledAt !== null && tasks.some((task) => task.imageUrl !== null && canReopen(task));
  return stored.filter(isLost).slice(0, BUTTONS_SHOWN);
}

function line({ generation, tasks }: StoredGeneration, number: number): string {
  const state = tasks[0]?.state ?? 'reserved';
  const prompt = literal(shorten(generation.request.prompt.replace(/\s+/g, ' '), PROMPT_SHOWN_CHARACTERS));
  const facts = [
    en.state[state],
    modelOf(generation.request.model).label,
    relativeTime(generation.createdAt),
  ];
  const way = number > 0 ? en.sendWith(number) : linkTo(generation);
  return [`${ICONS[state]} ${prompt}`, `-# ${[...facts, way].filter(Boolean).join(' · ')}`].join('\n');
}

function linkTo({ message, channelId, guildId, private: isPrivate }: Generation): string | null {
  if (!message) return null;
  // A delivery that ended as a direct message stands in no server.
  const server = message.channelId === channelId ? guildId : null;
  const url = server
    ? messageLink(message.channelId, message.id, server)
    : messageLink(message.channelId, message.id);
  // Nobody can jump to a message that only one person was shown.
  if (isPrivate) return server ? channelLink(message.channelId, server) : channelLink(message.channelId);
  return `[${en.jump}](${url})`;
}

const ICONS: Record<TaskState, string> = {
  reserved: '⏳',
  submitting: '⏳',
  running: '🎨',
  completed: '📥',
  delivered: '✅',
  undeliverable: '📥',
  failed: '⚠️',
  expired: '⌛',
  cancelled: '✖️',
  refused: '⚠️',
  unconfirmed: '❓',
};
