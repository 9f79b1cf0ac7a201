import type { APIEmbed } from 'discord.js';
import {
  type PictureTool,
  type PixelSize,
  UPSCALE_FACTORS,
  upscaleFactors,
} from '../../services/request/tools.ts';
import { ACCENT } from '../accent.ts';
import { type ButtonLook, buttonRows, type MessageView } from '../components.ts';
import type { Text } from '../text/index.ts';

/** A picture that a tool may work on. */
export interface Choice {
  /** Its place among the references of the draft, from 0. */
  readonly index: number;
  /** Its number for the person, from 1; null for the only one. */
  readonly number: number | null;
  /** Null if it is unknown. */
  readonly size: PixelSize | null;
  /** A URL by which the question can show it. */
  readonly url: string | null;
}

/** Asks which picture a tool should work on, and how, and says roughly what that costs if it is known. Pure. */
export function renderToolQuestion(
  draftId: string,
  tool: PictureTool['name'],
  choices: readonly Choice[],
  price: number | null,
  text: Text,
): MessageView {
  const embeds: APIEmbed[] = choices.flatMap(({ number, url }) => {
    if (number === null) return [];
    return { color: ACCENT, title: text.button.image(number), ...(url && { thumbnail: { url } }) };
  });
  const buttons = choices.flatMap(({ index, number, size }) =>
    waysOf(tool, size).map((way): ButtonLook => {
      const label = wayLabel(way, size, text);
      const isPlain = way.name === 'remove-bg' && number !== null;
      const parts = isPlain ? [text.button.image(number)] : [number && text.button.image(number), label];
      return {
        action: 'tool',
        subject: draftId,
        detail: encodePick({ index, tool: way }),
        label: parts.filter(Boolean).join(' '),
      };
    }),
  );
  return { content: text.tool.ask[tool](price), embeds, components: buttonRows(buttons) };
}

/** What a tool can do with a picture of this size: nothing if it can't grow any more. */
export function waysOf(tool: PictureTool['name'], size: PixelSize | null): PictureTool[] {
  if (tool === 'remove-bg') return [{ name: tool }];
  return upscaleFactors(size).map((factor) => ({ name: tool, factor }));
}

function wayLabel(way: PictureTool, size: PixelSize | null, { tool }: Text): string {
  return way.name === 'upscale' ? tool.factor(way.factor, size) : tool.name[way.name];
}

/** The chosen reference of a draft, and what the tool should do with it. */
interface Picked {
  readonly index: number;
  readonly tool: PictureTool;
}

function encodePick({ index, tool }: Picked): string {
  return tool.name === 'upscale' ? `${index}x${tool.factor}` : String(index);
}

/** Decodes the detail of a button of a tool's question; null if no such button has it. */
export function decodePick(tool: PictureTool['name'], detail: string | undefined): Picked | null {
  const [, index, by] = /^(\d)(?:x(\d))?$/.exec(detail ?? '') ?? [];
  if (index === undefined) return null;
  if (tool === 'remove-bg') return by === undefined ? { index: Number(index), tool: { name: tool } } : null;
  const factor = UPSCALE_FACTORS.find((each) => String(each) === by);
  return factor ? { index: Number(index), tool: { name: tool, factor } } : null;
}
