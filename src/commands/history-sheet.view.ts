import { type APISelectMenuOption, ComponentType } from 'discord.js';
import type { StoredGeneration } from '../services/ledger/generations.ts';
import { type HistoryFilter, type HistorySheet, ITEMS_PER_SHEET } from '../services/ledger/history.ts';
import { MODEL_IDS, modelOf } from '../services/request/models.ts';
import { shorten } from '../services/shorten.ts';
import { ACCENT } from './accent.ts';
import { type ButtonLook, type ButtonRow, buttonRows, type MessageView } from './components.ts';
import { encodeCustomId } from './custom-id.ts';
import { encodeState } from './history-state.ts';
import { literal, relativeTime } from './markdown.ts';
import type { Text } from './text/index.ts';

const PROMPT_SHOWN_CHARACTERS = 60;
/** The value of a menu that means "all". */
export const ALL = 'all';
/** A menu has 25 options, and one of them is "all". */
const DAYS_LISTED = 24;
const DAY_MS = 24 * 60 * 60_000;

/** Shows a page of a person's images: one picture of all, with a line and a button for each. Pure. */
export function renderSheet(
  sheet: HistorySheet,
  filter: HistoryFilter,
  picture: string | null,
  text: Text,
): MessageView {
  const { items } = sheet;
  if (items.length === 0) return nothing(sheet, filter, text);
  const footer = filterLine(filter, text);
  return {
    content: '',
    embeds: [
      {
        color: ACCENT,
        description: items.map((stored, index) => line(stored, index, text)).join('\n'),
        ...(picture && { image: { url: `attachment://${picture}` } }),
        ...(footer && { footer: { text: footer } }),
      },
    ],
    components: [
      ...buttonRows(items.map(({ generation }, index) => openButton(generation.id, index, filter))),
      ...menus(sheet, filter, text),
      ...buttonRows([...turnButtons(sheet, filter, text), ...favouriteButtons(filter, text)]),
    ],
  };
}

/** The view without images. If the person has filtered, it keeps the menus, so that they can change the filter. */
function nothing(sheet: HistorySheet, filter: HistoryFilter, text: Text): MessageView {
  const { search, day, model, starred } = filter;
  const isNarrowed = day !== null || model !== null || starred;
  if (!isNarrowed) {
    const content = search.trim() ? text.history.noneFound(search) : text.history.none;
    return { content, embeds: [], components: [] };
  }
  const isOnlyStarred = starred && day === null && model === null && !search.trim();
  return {
    content: isOnlyStarred ? text.contactSheet.noFavourites : text.contactSheet.noneLikeThat,
    embeds: [],
    components: [...menus(sheet, filter, text), ...buttonRows([starredButton(filter, text)])],
  };
}

function line({ generation }: StoredGeneration, index: number, text: Text): string {
  const { request, createdAt, starredAt } = generation;
  const prompt = literal(shorten(request.prompt.replace(/\s+/g, ' ').trim(), PROMPT_SHOWN_CHARACTERS));
  const star = starredAt === null ? '' : '⭐ ';
  const images = request.count > 1 ? ` · ${text.images(request.count)}` : '';
  return `**${index + 1}** ${star}${prompt} · ${relativeTime(createdAt)}${images}`;
}

function openButton(id: string, position: number, filter: HistoryFilter): ButtonLook {
  return {
    action: 'open',
    subject: id,
    detail: encodeState({ filter, position }),
    label: String(position + 1),
  };
}

function turnButtons({ items, hasNewer, olderFrom }: HistorySheet, filter: HistoryFilter, text: Text) {
  const first = items[0]?.generation.id ?? null;
  const last = items.at(-1)?.generation.id ?? null;
  const to = (subject: string | null, position: number) =>
    ({ action: 'sheet', subject, detail: encodeState({ filter, position }) }) as const;
  return [
    // The page before the one that begins with `first`.
    { ...to(first, ITEMS_PER_SHEET), label: text.button.newer, emoji: '◀️', disabled: !hasNewer },
    { ...to(olderFrom ?? last, 0), label: text.button.older, emoji: '▶️', disabled: olderFrom === null },
  ] satisfies ButtonLook[];
}

function favouriteButtons(filter: HistoryFilter, text: Text): ButtonLook[] {
  const zip: ButtonLook = { action: 'zip', subject: null, label: text.contactSheet.zip, emoji: '📦' };
  return [starredButton(filter, text), ...(filter.starred ? [zip] : [])];
}

function starredButton(filter: HistoryFilter, { contactSheet }: Text): ButtonLook {
  const detail = encodeState({ filter, position: 0 });
  const id = { action: 'filter', subject: 'starred', detail } as const;
  return filter.starred
    ? { ...id, label: contactSheet.all }
    : { ...id, label: contactSheet.favourites, emoji: '⭐' };
}

function menus({ days }: HistorySheet, filter: HistoryFilter, text: Text): ButtonRow[] {
  const { contactSheet } = text;
  // The menu keeps the picked day even if it has no images any more.
  const listed = filter.day === null || days.includes(filter.day) ? days : [filter.day, ...days];
  const dayOptions = listed
    .slice(0, DAYS_LISTED)
    .map((day) => ({ value: String(day), label: dayLabel(day, text) }));
  const modelOptions = MODEL_IDS.map((id) => ({ value: id, label: modelOf(id).label }));
  return [
    ...menu('day', contactSheet.allDays, dayOptions, filter.day === null ? ALL : String(filter.day), filter),
    ...menu('model', contactSheet.allModels, modelOptions, filter.model ?? ALL, filter),
  ];
}

function menu(
  subject: 'day' | 'model',
  all: string,
  options: readonly APISelectMenuOption[],
  picked: string,
  filter: HistoryFilter,
): ButtonRow[] {
  const id = { action: 'filter', subject, detail: encodeState({ filter, position: 0 }) } as const;
  const offered = [{ value: ALL, label: all }, ...options];
  return [
    {
      type: ComponentType.ActionRow,
      components: [
        {
          type: ComponentType.StringSelect,
          custom_id: encodeCustomId(id),
          options: offered.map((option) => ({ ...option, default: option.value === picked })),
        },
      ],
    },
  ];
}

/** Days are in UTC, since Discord doesn't tell a person's time zone. */
function dayLabel(day: number, { contactSheet }: Text): string {
  const format = new Intl.DateTimeFormat(contactSheet.dateLocale, { dateStyle: 'full', timeZone: 'UTC' });
  return contactSheet.day(format.format(day * DAY_MS));
}

function filterLine({ search, day, model, starred }: HistoryFilter, text: Text): string {
  return [
    starred && text.contactSheet.favourites,
    search.trim() && text.contactSheet.searched(search.trim()),
    day !== null && dayLabel(day, text),
    model !== null && modelOf(model).label,
  ]
    .filter(Boolean)
    .join(' · ');
}
