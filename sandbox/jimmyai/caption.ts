import { modelOf } from '../../src/services/request/models.ts';
import type { Reference } from './references.ts';
import type { TaskRequest } from './task-request.ts';

const MARGIN = 48;
const PROMPT_SIZE = 40;
const SETTINGS_SIZE = 24;
const MAX_LINES = 3;
const THUMBNAIL_SIDE = 132;
const GAP = 14;
/** An upper bound for the average width of a Latin letter, in ems of a bold sans. */
const LATIN_EMS = 0.66;

interface Canvas {
  width: number;
  height: number;
}

/** Draws a picture's prompt, settings and references over it, as SVG elements. */
export function drawCaption(
  canvas: Canvas,
  request: TaskRequest,
  references: readonly Pick<Reference, 'thumbnail'>[],
): string {
  const lines = wrap(request.prompt, (canvas.width - 2 * MARGIN) / PROMPT_SIZE);
  const { model, ratio, resolution, quality, size } = request;
  const settings = [
    model,
    ...(size ? [`${size.width}×${size.height}`] : [ratio, resolution]),
    ...(modelOf(model).qualities.length > 0 ? [quality] : []),
  ].join('  ·  ');
  const top = canvas.height - MARGIN - SETTINGS_SIZE - lines.length * PROMPT_SIZE * 1.25;
  const text = (content: string, y: number, size: number, attributes: string) =>
    `<text x="${MARGIN}" y="${y}" font-size="${size}" font-family="Noto Sans, DejaVu Sans, sans-serif" ${attributes}>${escapeXml(content)}</text>`;
  return [
    drawShade(canvas, top - 2 * PROMPT_SIZE),
    ...lines.map((line, index) =>
      text(line, top + index * PROMPT_SIZE * 1.25, PROMPT_SIZE, 'fill="#fff" font-weight="600"'),
    ),
    text(settings, canvas.height - MARGIN, SETTINGS_SIZE, 'fill="#fff" fill-opacity=".75"'),
    drawThumbnails(canvas, references),
  ].join('');
}

function drawShade({ width, height }: Canvas, top: number): string {
  return `<linearGradient id="shade" x2="0" y2="1"><stop stop-opacity="0"/><stop offset=".5" stop-opacity=".6"/><stop offset="1" stop-opacity=".75"/></linearGradient>
    <rect y="${top}" width="${width}" height="${height - top}" fill="url(#shade)"/>`;
}

function drawThumbnails({ width }: Canvas, references: readonly Pick<Reference, 'thumbnail'>[]): string {
  const side = Math.min(THUMBNAIL_SIDE, (width - 2 * MARGIN + GAP) / references.length - GAP);
  return references
    .map(({ thumbnail }, index) => {
      const x = MARGIN + index * (side + GAP);
      const box = `x="${x}" y="${MARGIN}" width="${side}" height="${side}"`;
      return `<clipPath id="thumbnail${index}"><rect ${box} rx="14"/></clipPath>
        <image ${box} preserveAspectRatio="xMidYMid slice" clip-path="url(#thumbnail${index})" href="data:image/png;base64,${thumbnail.toString('base64')}"/>
        <rect ${box} rx="14" fill="none" stroke="#fff" stroke-opacity=".85" stroke-width="4"/>`;
    })
    .join('');
}

/** Breaks a text into lines of so many ems, between words if they fit. A text that is too long ends in "…". */
function wrap(text: string, ems: number): string[] {
  const longestWord = Math.floor(ems / LATIN_EMS);
  const pieces = new RegExp(`\\p{sc=Han}|[^\\s\\p{sc=Han}]{1,${longestWord}}\\s*`, 'gu');
  const lines = [''];
  for (const piece of text.trim().replaceAll(/\s+/g, ' ').match(pieces) ?? []) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && widthInEms(line + piece.trimEnd()) > ems) lines.push(piece);
    else lines[lines.length - 1] = line + piece;
  }
  if (lines.length <= MAX_LINES) return lines;
  return lines.slice(0, MAX_LINES).with(-1, `${lines[MAX_LINES - 1]?.trimEnd()}…`);
}

function widthInEms(text: string): number {
  return [...text].reduce((sum, character) => sum + (character.charCodeAt(0) > 0x2e80 ? 1 : LATIN_EMS), 0);
}

function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
