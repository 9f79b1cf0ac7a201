import type { Figure } from './figure.ts';

const HEAD = ['figure', 'ours', 'baseline', 'ratio', 'goal', 'met'] as const;

/** The figures as a Markdown table with aligned columns, as in bench/README.md. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map(({ figure, ours, baseline, ratio, goal, met }) => [
    figure,
    ours,
    baseline,
    ratio,
    goal,
    met ? 'yes' : '**no**',
  ]);
  const widths = HEAD.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(HEAD), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
