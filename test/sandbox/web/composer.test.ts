import type { APIApplicationCommand } from 'discord-api-types/v10';
import { expect, test } from 'vitest';
import { commandPaths } from '../../../sandbox/web/public/composer/command-paths.ts';
import { completionsFor, type Known } from '../../../sandbox/web/public/composer/completions.ts';
import {
  addOption,
  beginCommand,
  type Composer,
  emptyComposer,
  fill,
  focused,
  optionsLeft,
  removeOption,
} from '../../../sandbox/web/public/composer/composer.ts';
import { readCommand } from '../../../sandbox/web/public/composer/read-command.ts';

const PAINT = {
  name: 'paint',
  description: 'Paints',
  type: 1,
  options: [
    { type: 3, name: 'prompt', description: 'What', required: true },
    {
      type: 3,
      name: 'model',
      description: 'How',
      choices: [
        { name: 'Quick', value: 'quick-1', name_localizations: { de: 'Schnell' } },
        { name: 'Slow', value: 'slow-1' },
      ],
    },
    { type: 4, name: 'copies', description: 'How many' },
    { type: 11, name: 'reference', description: 'From' },
  ],
} as unknown as APIApplicationCommand;

const known: Known = { commands: [PAINT], locale: 'en-US', sandbox: undefined };

function begun(): Composer {
  const composer = emptyComposer();
  const [path] = commandPaths([PAINT], 'en-US');
  if (path) beginCommand(composer, path);
  return composer;
}

function labels(composer: Composer, locale = 'en-US'): string[] {
  return completionsFor(composer, { ...known, locale }).map(({ label }) => label);
}

function add(composer: Composer, name: string) {
  const option = optionsLeft(composer).find((each) => each.name === name);
  if (!option) throw new Error(`no option ${name} is left`);
  return addOption(composer, option);
}

test('what is typed after a slash narrows the commands down', () => {
  expect(labels(emptyComposer('/'))).toEqual(['/paint']);
  expect(labels(emptyComposer('/ai'))).toEqual(['/paint']);
  expect(labels(emptyComposer('/x'))).toEqual([]);
  expect(labels(emptyComposer('paint'))).toEqual([]);
});

test('a command begins with the fields it requires, and offers the others', () => {
  const composer = begun();
  expect(focused(composer)?.option.name).toBe('prompt');
  delete composer.focus;
  expect(labels(composer)).toEqual(['model', 'copies', 'reference']);
  removeOption(composer, 'prompt');
  expect(labels(composer)).toContain('prompt');
});

test('choices are offered by their names in the person’s language, and sent by their values', () => {
  const composer = begun();
  const prompt = focused(composer);
  if (prompt) prompt.text = 'a fox';
  const model = add(composer, 'model');
  expect(labels(composer, 'de')).toEqual(['Schnell', 'Slow']);
  model.text = 'qui';
  expect(labels(composer)).toEqual(['Quick']);
  model.text = 'slow';
  expect(readCommand(composer, known)).toMatchObject({ options: { prompt: 'a fox', model: 'slow-1' } });
  model.text = 'slower';
  expect(readCommand(composer, known)).toMatchObject({ option: 'model' });
});

test('numbers are sent as such, files by name, and what was left empty not at all', () => {
  const composer = begun();
  const prompt = focused(composer);
  if (prompt) prompt.text = 'a fox';
  add(composer, 'copies').text = '3';
  const file = new File(['x'], 'fox.png');
  fill(composer, add(composer, 'reference'), file.name, file);
  add(composer, 'model');
  const read = readCommand(composer, known);
  expect(read).toMatchObject({ options: { prompt: 'a fox', copies: 3, reference: { file: 'reference' } } });
  expect(read).toHaveProperty('files', new Map([['reference', file]]));
});

test('an empty required field and a word for a number are asked for again', () => {
  const composer = begun();
  expect(readCommand(composer, known)).toMatchObject({
    option: 'prompt',
    problem: expect.stringContaining('required'),
  });
  const prompt = focused(composer);
  if (prompt) prompt.text = 'a fox';
  add(composer, 'copies').text = 'three';
  expect(readCommand(composer, known)).toMatchObject({ option: 'copies' });
});
