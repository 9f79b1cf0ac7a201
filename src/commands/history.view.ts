import type { APIEmbed } from 'discord.js';
import type { HistoryPage } from '../services/ledger/history.ts';
import { shorten } from '../services/shorten.ts';
import { ACCENT } from './accent.ts';
import { type ButtonLook, buttonRows, type MessageView } from './components.ts';
import { factsLine } from './facts.ts';
import { isLost } from './jobs.view.ts';
import { literal, relativeTime } from './markdown.ts';
import { placeUrl } from './message-link.ts';
import { creativeButtons } from './next-buttons.ts';
import type { Text } from './text/index.ts';

const PROMPT_SHOWN_CHARACTERS = 300;
/** Embeds with the same address show their images side by side. */
const GALLERY_URL = 'https://discord.com';

/** One page of a person's history, with what can be done with it. Pure. */
export function renderHistory(
  page: HistoryPage | null,
  images: readonly string[],
  search: string,
  text: Text,
): MessageView {
  if (!page) {
    const nothing = search.trim() ? text.history.noneFound(search) : text.history.none;
    return { content: nothing, embeds: [], components: [] };
  }
  const { stored, position, total } = page;
  const { generation, tasks, references } = stored;
  const place = placeUrl(generation);
  const facts = [relativeTime(generation.createdAt), place && `[${text.jump}](${place})`].filter(Boolean);
  const description = [
    literal(shorten(generation.request.prompt.trim(), PROMPT_SHOWN_CHARACTERS)),
    `-# ${facts.join(' · ')}`,
    ...(images.length === 0 ? [`-# ${text.history.pictureElsewhere}`] : []),
  ].join('\n');
  const footer = [
    text.history.page(position, total),
    factsLine(generation, { references: references.length, tasks }, text),
  ].join(' · ');
  const send: ButtonLook[] = isLost(stored)
    ? [{ action: 'send', subject: generation.id, label: text.button.sendImage, emoji: '📥' }]
    : [];
  return {
    content: '',
    embeds: withImages({ color: ACCENT, description, footer: { text: footer } }, images),
    components: [
      ...buttonRows([...send, ...creativeButtons(stored, text)]),
      ...buttonRows(turnButtons(page, search, text)),
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

function turnButtons({ stored, position, total }: HistoryPage, search: string, text: Text): ButtonLook[] {
  const to = { subject: stored.generation.id, ...(search && { detail: search }) };
  return [
    { ...to, action: 'newer', label: text.button.newer, emoji: '◀️', disabled: position <= 1 },
    { ...to, action: 'older', label: text.button.older, emoji: '▶️', disabled: position >= total },
  ];
}
