import type { ChatInputCommandInteraction } from 'discord.js';
import { expect, test } from 'vitest';
import { readOptions } from '../../src/commands/command.ts';
import { imagineWith } from '../../src/commands/imagine.ts';
import { MODEL_IDS } from '../../src/services/request/models.ts';

const imagine = imagineWith(MODEL_IDS);

test('options are read as they are declared, and those not given as none', () => {
  expect(read({ prompt: 'a fox', model: 'nano-banana', count: 2, private: true })).toMatchObject({
    prompt: 'a fox',
    model: 'nano-banana',
    count: 2,
    private: true,
    ratio: null,
    reference: null,
  });
});

test.each([
  ['without the prompt', { prompt: null }],
  ['with a model that there is not', { model: 'constructor' }],
  ['with a ratio that is a number', { ratio: 1 }],
  ['for a thousand images', { count: 1000 }],
  ['for no image', { count: 0 }],
  ['for half an image', { count: 0.5 }],
  ['for as many images as a word', { count: '2' }],
  ['with a truth that is a word', { private: 'false' }],
  ['with a file that is only an id', { reference: '123456789012345678' }],
  ['with a prompt that is a list', { prompt: ['a'] }],
])('a command %s is not one of ours', (_, options) => {
  expect(read({ prompt: 'a fox', ...options })).toBeNull();
});

function read(given: Readonly<Record<string, unknown>>) {
  const options = { get: (name: string) => (name in given ? { name, value: given[name] } : null) };
  return readOptions(imagine.payload, { options } as unknown as ChatInputCommandInteraction);
}
