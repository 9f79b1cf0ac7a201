import { MODEL_IDS, modelOf } from '../../services/request/models.ts';
import { shorten } from '../../services/shorten.ts';
import { literal } from '../markdown.ts';

const WORD_SHOWN_CHARACTERS = 40;

/** The first entries of a list, and how many more there are. */
export function listed(items: readonly string[], most: number, separator: string): string {
  const rest = items.length - most;
  return [...items.slice(0, most), ...(rest > 0 ? [`+${rest}`] : [])].join(separator);
}

export function shownWord(word: string): string {
  return literal(shorten(word, WORD_SHOWN_CHARACTERS));
}

export function channelMention(id: string): string {
  return `<#${id}>`;
}

export function roleMention(id: string): string {
  return `<@&${id}>`;
}

/** The label of a model; for one that this version doesn't know, its id. */
export function modelLabel(id: string): string {
  const known = MODEL_IDS.find((each) => each === id);
  return known ? modelOf(known).label : literal(id);
}
