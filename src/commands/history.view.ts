import type { APIEmbed } from 'discord.js';
import type { HistoryEntry } from '../services/ledger/history.ts';
import type { Generation } from '../services/ledger/rows.ts';
import { countReferences } from '../services/ledger/rows.ts';
import type { Tool } from '../services/request/tools.ts';
import { shorten } from '../services/shorten.ts';
import { ACCENT } from './accent.ts';
import { type ButtonLook, buttonRows, type MessageView } from './components.ts';
import { factsLine } from './facts.ts';
import { encodeState, type HistoryState } from './history-state.ts';
import { numberedRows } from './image-buttons.ts';
import { isLost } from './jobs.view.ts';
import { literal, quote, relativeTime } from './markdown.ts';
import { placeUrl } from './message-link.ts';
import { creativeButtons } from './next-buttons.ts';
import type { Text } from './text/index.ts';

const PROMPT_SHOWN_CHARACTERS = 300;
/** Discord shows the images of embeds with the same URL side by side. */
const GALLERY_URL = 'https://discord.com';

/** The URLs of the images to show. `areSmall` means that only their thumbnails are left. */
interface ShownImages {
  readonly urls: readonly string[];
  readonly areSmall: boolean;
}

/** Shows one of a person's generations, with the buttons for it. Pure. */
export function renderHistory(
  entry: HistoryEntry,
  { urls, areSmall }: ShownImages,
  state: HistoryState,
  text: Text,
  tools: readonly Tool[] = [],
): MessageView {
  const { stored } = entry;
  const { generation, tasks, references } = stored;
  const place = placeUrl(generation);
  const facts = [relativeTime(generation.createdAt), place && `[${text.jump}](${place})`].filter(Boolean);
  const description = [
    literal(shorten(generation.request.prompt.trim(), PROMPT_SHOWN_CHARACTERS)),
    `-# ${facts.join(' · ')}`,
    ...(urls.length === 0 ? [`-# ${text.history.pictureElsewhere}`] : []),
    ...(areSmall ? [`-# ${text.contactSheet.onlySmall}`] : []),
  ].join('\n');
  const footer = factsLine(generation, { references: countReferences(references), tasks }, text);
  const send: ButtonLook[] = isLost(stored)
    ? [{ action: 'send', subject: generation.id, label: text.button.sendImage, emoji: '📥' }]
    : [];
  return {
    content: '',
    embeds: withImages({ color: ACCENT, description, footer: { text: footer } }, urls),
    components: [
      ...numberedRows(stored, text),
      ...buttonRows([...send, ...creativeButtons(stored, text, tools)]),
      ...buttonRows(historyButtons(entry, state, text)),
    ],
  };
}

function withImages(embed: APIEmbed, images: readonly string[]): APIEmbed[] {
  const [first, ...others] = images;
  if (first === undefined) return [embed];
  if (others.length === 0) return [{ ...embed, image: { url: first } }];
  return [
    { ...embed, url: GALLERY_URL, image: { url: first } },
    ...others.map((url) => ({ color: ACCENT, url: GALLERY_URL, image: { url } })),
  ];
}

/** Asks before a generation is removed. Pure. */
export function renderRemoval({ id, request }: Generation, state: HistoryState, text: Text): MessageView {
  const carried = { subject: id, detail: encodeState(state) };
  const prompt = quote(shorten(request.prompt.replace(/\s+/g, ' ').trim(), PROMPT_SHOWN_CHARACTERS));
  return {
    content: [prompt, text.contactSheet.confirmRemove].join('\n'),
    embeds: [],
    components: buttonRows([
      { ...carried, action: 'remove-now', label: text.contactSheet.remove, style: 'danger' },
      { ...carried, action: 'open', label: text.contactSheet.keep },
    ]),
  };
}

function historyButtons({ stored, hasNewer, hasOlder }: HistoryEntry, state: HistoryState, text: Text) {
  const carried = { subject: stored.generation.id, detail: encodeState(state) };
  const { contactSheet, button } = text;
  return [
    { ...carried, ...starLook(stored.generation, text) },
    { ...carried, action: 'prev', label: button.newer, emoji: '◀️', disabled: !hasNewer },
    { ...carried, action: 'next', label: button.older, emoji: '▶️', disabled: !hasOlder },
    { ...carried, action: 'sheet', label: contactSheet.back, emoji: '🗂️' },
    { ...carried, action: 'remove', label: contactSheet.remove, emoji: '🗑️' },
  ] satisfies ButtonLook[];
}

function starLook({ starredAt }: Pick<Generation, 'starredAt'>, { contactSheet }: Text) {
  const label = starredAt === null ? contactSheet.star : contactSheet.unstar;
  return { action: 'star', label, emoji: '⭐' } as const;
}
