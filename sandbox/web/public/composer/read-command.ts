import { Option as Kind } from '../kinds.ts';
import { type Completion, completionsFor, type Known } from './completions.ts';
import type { Composer, Filled } from './composer.ts';

type Value = string | number | boolean | { file: string };

export type ReadCommand =
  | { options: Record<string, Value>; files: Map<string, File> }
  | { option: string; problem: string };

/** The values of a command's options, or the first option that can't be sent and the reason. */
export function readCommand(composer: Composer, known: Known): ReadCommand {
  const options: Record<string, Value> = {};
  const files = new Map<string, File>();
  for (const filled of composer.filled) {
    const { name, required } = filled.option;
    if (filled.text === '' && !required) continue;
    const value = filled.text === '' ? undefined : valueIn(filled, composer, known);
    if (value === undefined) return { option: name, problem: problemOf(filled) };
    if (value instanceof File) files.set(name, value);
    options[name] = value instanceof File ? { file: name } : value;
  }
  return { options, files };
}

function valueIn(filled: Filled, composer: Composer, known: Known) {
  if (filled.value !== undefined) return filled.value;
  const { option, text } = filled;
  const offered = completionsFor({ ...composer, focus: option.name, isListOpen: true }, known);
  if (isChosen(filled)) return choiceCalled(text, offered);
  switch (option.type) {
    case Kind.Integer:
    case Kind.Number:
      return Number.isFinite(Number(text)) ? Number(text) : undefined;
    case Kind.Attachment:
      return undefined;
    default:
      return text;
  }
}

/** Finds a choice whose name was typed. */
function choiceCalled(text: string, offered: readonly Completion[]) {
  const found = offered.find(({ label }) => label.toLowerCase() === text.trim().toLowerCase());
  return found?.kind === 'choice' ? found.value : undefined;
}

const FREE = new Set<number>([Kind.String, Kind.Integer, Kind.Number, Kind.Attachment]);

function isChosen({ option }: Filled): boolean {
  return !FREE.has(option.type) || ('choices' in option && (option.choices?.length ?? 0) > 0);
}

function problemOf(filled: Filled): string {
  if (filled.text === '') return 'This option is required. Specify a value.';
  return isChosen(filled) ? 'Choose one of the options that are offered.' : 'Enter a valid number.';
}
