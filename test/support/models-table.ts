import { textFor } from '../../src/commands/text/index.ts';
import { MODEL_IDS, modelOf, type Ratio, resolutionLabel } from '../../src/services/request/models.ts';

const BEGIN = '<!-- models: generated from src/services/request/models.ts -->';
const END = '<!-- end of models -->';
const { quality: words } = textFor('en-US');

/** A document with the table of models between its two marks brought up to date. */
export function withModelsTable(document: string): string {
  const [before = '', rest = ''] = document.split(BEGIN);
  const [, after = ''] = rest.split(END);
  return [before, BEGIN, `\n\n${tableOfModels()}\n\n`, END, after].join('');
}

function tableOfModels(): string {
  const head = ['model', 'shapes', 'resolution', 'quality', 'references', 'transparent'];
  return [head, head.map(() => '---'), ...MODEL_IDS.map(rowOf)]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function rowOf(id: string): string[] {
  const { label, resolutions, qualities, defaults, maxReferences, makesTransparent, ratiosAt } = modelOf(id);
  const restrictions = resolutions.flatMap((each) =>
    ratiosAt?.[each] ? [`; at ${resolutionLabel(each)} only ${ratiosAt[each].join(' ')}`] : [],
  );
  return [
    `${label}<br>\`${id}\``,
    shapesOf(id) + restrictions.join(''),
    marked(resolutions, defaults.resolution, resolutionLabel),
    marked(qualities, defaults.quality, (quality) => (quality === 'auto' ? 'Auto' : words[quality])) || '–',
    String(maxReferences),
    makesTransparent ? 'yes' : '–',
  ];
}

function shapesOf(id: string): string {
  const { ratios, defaults } = modelOf(id);
  if (isSame(ratios, modelOf('gpt-image-2').ratios)) return `all ${ratios.length}`;
  return ratios.map((ratio) => (ratio === defaults.ratio ? `**${ratio}**` : ratio)).join(' ');
}

function isSame(some: readonly Ratio[], others: readonly Ratio[]): boolean {
  return some.length === others.length && some.every((ratio) => others.includes(ratio));
}

/** A list with the default in bold, if there is a choice. */
function marked<Value>(values: readonly Value[], chosen: Value | null, labelOf: (value: Value) => string) {
  return values
    .map((value) => (value === chosen && values.length > 1 ? `**${labelOf(value)}**` : labelOf(value)))
    .join(', ');
}
