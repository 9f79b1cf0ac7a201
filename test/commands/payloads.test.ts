import { ApplicationCommandOptionType, ApplicationCommandType } from 'discord.js';
import { expect, test } from 'vitest';
import { createHandlers } from '../../src/commands/index.ts';
import { MODEL_IDS } from '../../src/services/request/models.ts';
import { within } from './limits.ts';
import { languages } from './views.ts';

const handlers = createHandlers(MODEL_IDS);

/** What every command, option and choice has in common. */
interface Part {
  readonly name: string;
  readonly description?: string;
  readonly name_localizations?: object | null | undefined;
  readonly description_localizations?: object | null | undefined;
  readonly value?: unknown;
  readonly required?: boolean;
  readonly options?: readonly Part[];
  readonly choices?: readonly Part[];
}

const commands: readonly Part[] = handlers.commands.map(({ payload }) => payload as Part);
const menus: readonly Part[] = handlers.menus.map(({ payload }) => payload);

test.each(commands.map((command) => [command.name, command] as const))(
  '/%s is what Discord takes',
  (_, command) => {
    expect(partProblems(command)).toEqual([]);
    const options = command.options ?? [];
    expect(options.flatMap(partProblems)).toEqual([]);
    expect(options.length).toBeLessThanOrEqual(25);
    for (const { choices = [] } of options) {
      expect(choices.length).toBeLessThanOrEqual(25);
      expect(choices.flatMap(choiceProblems)).toEqual([]);
    }
  },
);

test('every option has a name of its own in every language', () => {
  for (const { options = [] } of commands) {
    for (const [locale] of languages.filter(([each]) => each !== 'en-US')) {
      const names = options.map(({ name_localizations: names }) =>
        new Map(Object.entries(names ?? {})).get(locale),
      );
      expect(names).not.toContain(undefined);
      expect(new Set(names).size).toBe(options.length);
    }
  }
});

test('required options come first', () => {
  for (const { options = [] } of commands) {
    const required = options.map((option) => option.required ?? false);
    expect(required).toEqual(required.toSorted((a, b) => Number(b) - Number(a)));
  }
});

test('all texts of a command together are at most 8000 characters, the longest language counted', () => {
  for (const command of commands) expect(weightOf(command), command.name).toBeLessThanOrEqual(8000);
});

test('an entry of the menu of a message has a name in every language, and nothing else', () => {
  expect(menus.length).toBeLessThanOrEqual(5);
  for (const menu of menus) {
    expect(menu).toMatchObject({ type: ApplicationCommandType.Message });
    expect(menu.description).toBeUndefined();
    expect(namesOf(menu).flatMap((name) => within('menu name', name, 1, 32))).toEqual([]);
  }
});

test('a reference can be given as often as a person may attach one, and nothing has the name of another', () => {
  for (const { options = [] } of commands) {
    expect(new Set(options.map(({ name }) => name)).size).toBe(options.length);
  }
  const imagine = commands.find(({ name }) => name === 'imagine');
  const attachments = (imagine?.options ?? []).filter(
    (option) => 'type' in option && option.type === ApplicationCommandOptionType.Attachment,
  );
  expect(attachments.map(({ name }) => name)).toEqual([
    'reference',
    'reference_2',
    'reference_3',
    'reference_4',
    'mask',
  ]);
});

test('every kind of button, of select menu and of modal has one that handles it', () => {
  for (const handled of [handlers.buttons, handlers.selects, handlers.modals]) {
    const actions = handled.map(({ action }) => action);
    expect(new Set(actions).size).toBe(actions.length);
  }
});

function partProblems(part: Part): string[] {
  return [
    namesOf(part).flatMap((name) =>
      /^[-_'\p{Ll}\p{Lo}\p{N}]{1,32}$/u.test(name) ? [] : [`${name} is no name of a command or an option`],
    ),
    descriptionsOf(part).flatMap((description) => within('description', description, 1, 100)),
  ].flat();
}

function choiceProblems(choice: Part): string[] {
  return [
    ...namesOf(choice).flatMap((name) => within('choice name', name, 1, 100)),
    ...within('choice value', String(choice.value), 1, 100),
  ];
}

/** Names, descriptions and values of a command and everything in it, each in its longest language. */
function weightOf(part: Part): number {
  const own = longest(namesOf(part)) + longest(descriptionsOf(part)) + String(part.value ?? '').length;
  return [...(part.options ?? []), ...(part.choices ?? [])].reduce(
    (sum, inner) => sum + weightOf(inner),
    own,
  );
}

function namesOf({ name, name_localizations }: Part): string[] {
  return [name, ...Object.values(name_localizations ?? {})];
}

function descriptionsOf({ description, description_localizations }: Part): string[] {
  return [description ?? '', ...Object.values(description_localizations ?? {})];
}

function longest(texts: readonly string[]): number {
  return Math.max(...texts.map(({ length }) => length));
}
