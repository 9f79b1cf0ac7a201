import { parse } from 'discord-markdown-parser';
import type { TextNode } from './protocol.ts';

/** Reads a text's markdown as Discord does. */
export function readText(text: string | null | undefined): TextNode[] {
  // The parser only recognizes small print after an empty line or plain text.
  const pieces = (text ?? '').split(/^(?=-# )/m).filter((piece) => piece !== '');
  return pieces.flatMap((piece) => parse(piece, 'extended') as TextNode[]);
}
