import type { APIApplicationCommandBasicOption } from 'discord-api-types/v10';
import type { CommandPath } from './command-paths.ts';

export type Option = APIApplicationCommandBasicOption;

/** An option that was added to the command, and its input so far. */
export interface Filled {
  readonly option: Option;
  text: string;
  /** The value picked from a list, with its name in `text`; or a file. */
  value?: string | number | boolean | File;
}

/** The content of the text field at the bottom of a channel. */
export interface Composer {
  /** A message, or the search text for a command or its next option. */
  text: string;
  /** The files of a message. */
  files: File[];
  command?: CommandPath;
  filled: Filled[];
  /** The option whose field has the focus; undefined for the text itself. */
  focus?: string;
  /** The index of the line that Enter or Tab takes. */
  active: number;
  /** Whether the person has moved in the list: Enter then takes the line rather than sending. */
  hasMoved: boolean;
  isListOpen: boolean;
  /** The bot's suggestions for an option that autocompletes. */
  suggestions: readonly { name: string; value: string | number }[];
  problem?: string;
}

export function emptyComposer(text = ''): Composer {
  return { text, files: [], filled: [], active: 0, hasMoved: false, isListOpen: true, suggestions: [] };
}

/** Begins a command, with fields for its required options. */
export function beginCommand(composer: Composer, path: CommandPath): void {
  const required = path.options.filter((option) => option.required);
  Object.assign(composer, emptyComposer(), {
    command: path,
    filled: required.map((option) => ({ option, text: '' })),
  });
  focusOn(composer, required[0]?.name);
}

export function addOption(composer: Composer, option: Option): Filled {
  const filled: Filled = { option, text: '' };
  composer.filled.push(filled);
  composer.text = '';
  focusOn(composer, option.name);
  return filled;
}

/** Sets a value from a list, or a file, and moves on to the next field. */
export function fill(composer: Composer, filled: Filled, text: string, value: Filled['value']): void {
  filled.text = text;
  if (value !== undefined) filled.value = value;
  delete composer.problem;
  const empty = composer.filled.find((other) => other.option.required && other.text === '');
  focusOn(composer, empty?.option.name);
}

/** Removes the option, or the command if it has no options left. */
export function removeOption(composer: Composer, name: string | undefined): void {
  if (composer.filled.length === 0 && name === undefined) {
    Object.assign(composer, emptyComposer('/'));
    delete composer.command;
    return;
  }
  const gone = name ?? composer.filled.at(-1)?.option.name;
  composer.filled = composer.filled.filter(({ option }) => option.name !== gone);
  focusOn(composer, undefined);
}

export function focusOn(composer: Composer, name: string | undefined): void {
  if (name === undefined) delete composer.focus;
  else composer.focus = name;
  Object.assign(composer, { active: 0, hasMoved: false, isListOpen: true, suggestions: [] });
}

/** The option that has the focus. */
export function focused({ filled, focus }: Composer): Filled | undefined {
  return filled.find(({ option }) => option.name === focus);
}

/** The options that the command doesn't have yet. */
export function optionsLeft({ command, filled }: Composer): Option[] {
  return (command?.options ?? []).filter(({ name }) => !filled.some(({ option }) => option.name === name));
}
