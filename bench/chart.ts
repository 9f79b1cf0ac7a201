import type { Spread } from './statistics.ts';

/** One curve over the number of tasks. */
export interface Panel {
  readonly title: string;
  readonly unit: string;
  /** The limit to stay under, if there is one. */
  readonly goal: number | null;
  readonly points: readonly Point[];
}

interface Point extends Spread {
  readonly tasks: number;
}

const PANEL = { width: 300, height: 190 };
const PLOT = { left: 24, right: 276, top: 58, bottom: 150 };
const COLUMNS = 3;
/** Legible on white and on black. */
const COLOUR = { words: '#7d8590', line: '#3b82f6', goal: '#d97706' };

/**
 * The panels side by side as an SVG without a background: medians, with a vertical line from the lowest to the highest
 * run. The number of tasks grows tenfold from tick to tick.
 */
export function chartOf(title: string, panels: readonly Panel[]): string {
  const width = COLUMNS * PANEL.width;
  const height = Math.ceil(panels.length / COLUMNS) * PANEL.height;
  const drawn = panels.map((panel, index) => {
    const [column, row] = [index % COLUMNS, Math.floor(index / COLUMNS)];
    return `<g transform="translate(${column * PANEL.width} ${row * PANEL.height})">${draw(panel)}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="${COLOUR.words}">`,
    `<title>${title}</title>`,
    ...drawn,
    '</svg>\n',
  ].join('\n');
}

function draw({ title, unit, goal, points }: Panel): string {
  const highest = Math.max(goal ?? 0, ...points.map(({ max }) => max)) * 1.1;
  const y = (value: number) => PLOT.bottom - (value / highest) * (PLOT.bottom - PLOT.top);
  const x = (index: number) =>
    PLOT.left + 12 + (index / Math.max(1, points.length - 1)) * (PLOT.right - PLOT.left - 36);
  const places = points.map((point, index) => ({
    ...point,
    x: round(x(index)),
    y: round(y(point.median)),
    lowest: round(y(point.min)),
    highest: round(y(point.max)),
  }));
  return [
    `<text x="${PLOT.left}" y="24" font-size="14" font-weight="600">${title}</text>`,
    `<path d="M${PLOT.left} ${PLOT.bottom}H${PLOT.right}" stroke="${COLOUR.words}" stroke-opacity="0.5"/>`,
    ...(goal === null ? [] : [goalLine(round(y(goal)), goal, unit)]),
    `<polyline points="${places.map((at) => `${at.x},${at.y}`).join(' ')}" fill="none" stroke="${COLOUR.line}" stroke-width="2"/>`,
    ...places.flatMap((at) => [
      `<path d="M${at.x} ${at.lowest}V${at.highest}" stroke="${COLOUR.line}" stroke-opacity="0.6" stroke-width="2"/>`,
      `<circle cx="${at.x}" cy="${at.y}" r="3" fill="${COLOUR.line}"/>`,
      `<text x="${at.x}" y="${round(at.highest - 8)}" text-anchor="middle">${inDigits(at.median)}</text>`,
      `<text x="${at.x}" y="${PLOT.bottom + 18}" text-anchor="middle">${at.tasks.toLocaleString('en')}</text>`,
    ]),
    `<text x="${PLOT.left}" y="42">${unit}</text>`,
  ].join('');
}

function goalLine(y: number, goal: number, unit: string): string {
  const line = `<path d="M${PLOT.left} ${y}H${PLOT.right}" stroke="${COLOUR.goal}" stroke-dasharray="4 4"/>`;
  return `${line}<text x="${PLOT.right}" y="42" text-anchor="end" fill="${COLOUR.goal}">goal ${goal} ${unit}</text>`;
}

function inDigits(value: number): string {
  return value >= 10 ? value.toFixed(0) : value.toFixed(2);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
