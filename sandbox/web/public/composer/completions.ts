import type { OfferedCommands, Snapshot } from '../../protocol.ts';
import { Option as Kind } from '../kinds.ts';
import { descriptionIn, nameIn } from '../locales.ts';
import { type CommandPath, commandPaths } from './command-paths.ts';
import { type Composer, type Filled, focused, type Option, optionsLeft } from './composer.ts';

/** A line of the list above the text field. */
export type Completion = { label: string; detail: string } & (
  | { kind: 'command'; path: CommandPath }
  | { kind: 'option'; option: Option }
  | { kind: 'choice'; value: string | number | boolean }
);

/** The data for the list. */
export interface Known {
  commands: OfferedCommands;
  locale: string;
  sandbox: Pick<Snapshot, 'people' | 'roles' | 'channels'> | undefined;
}

/** The possible next inputs that match the typed text. */
export function completionsFor(composer: Composer, known: Known): Completion[] {
  if (!composer.isListOpen) return [];
  const filled = focused(composer);
  if (filled) return filled.value === undefined ? choicesFor(filled, composer, known) : [];
  if (composer.command) return optionLines(composer, known);
  return composer.text.startsWith('/') ? commandLines(composer, known) : [];
}

function commandLines({ text }: Composer, { commands, locale }: Known): Completion[] {
  const typed = text.slice(1).toLowerCase();
  return commandPaths(commands, locale)
    .filter(({ label }) => label.toLowerCase().includes(typed))
    .map((path) => ({ kind: 'command', path, label: `/${path.label}`, detail: path.description }));
}

function optionLines(composer: Composer, { locale }: Known): Completion[] {
  return optionsLeft(composer)
    .map((option): Completion => {
      return { kind: 'option', option, label: nameIn(locale, option), detail: descriptionIn(locale, option) };
    })
    .filter(({ label }) => label.toLowerCase().includes(composer.text.trim().toLowerCase()));
}

function choicesFor({ option, text }: Filled, { suggestions }: Composer, known: Known): Completion[] {
  if ('autocomplete' in option && option.autocomplete) return lines(suggestions);
  return lines(choicesOf(option, known)).filter(({ label }) =>
    label.toLowerCase().includes(text.toLowerCase()),
  );
}

function choicesOf(
  option: Option,
  { locale, sandbox }: Known,
): { name: string; value: string | number | boolean }[] {
  const named = (items: readonly { id: string; name: string }[] = []) =>
    items.map(({ id, name }) => ({ name, value: id }));
  switch (option.type) {
    case Kind.Boolean:
      return [
        { name: 'True', value: true },
        { name: 'False', value: false },
      ];
    case Kind.User:
      return named(sandbox?.people);
    case Kind.Role:
      return named(sandbox?.roles);
    case Kind.Mentionable:
      return [...named(sandbox?.people), ...named(sandbox?.roles)];
    case Kind.Channel:
      return named(sandbox?.channels);
    default: {
      const choices = ('choices' in option && option.choices) || [];
      return choices.map((choice) => ({ name: nameIn(locale, choice), value: choice.value }));
    }
  }
}

function lines(choices: readonly { name: string; value: string | number | boolean }[]): Completion[] {
  return choices.map(({ name, value }) => ({ kind: 'choice', label: name, detail: '', value }));
}
