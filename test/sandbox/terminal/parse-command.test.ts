import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type APIApplicationCommand, ApplicationCommandOptionType as Type } from 'discord-api-types/v10';
import { afterAll, expect, test } from 'vitest';
import { parseCommand } from '../../../sandbox/terminal/parse-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'parse-'));
const fox = join(folder, 'fox.jpg');
writeFileSync(fox, 'bytes');
afterAll(() => rmSync(folder, { recursive: true }));

const commands = [
  {
    name: 'imagine',
    options: [
      { name: 'prompt', type: Type.String },
      { name: 'ratio', type: Type.String },
      { name: 'reference', type: Type.Attachment },
      { name: 'private', type: Type.Boolean },
    ],
  },
] as unknown as APIApplicationCommand[];

test('an option goes on until the next one begins', async () => {
  const line = `/imagine prompt: a fox in the snow: cold! ratio: 16:9 reference: ${fox} private: true`;
  expect(await parseCommand(line, commands)).toEqual({
    name: 'imagine',
    options: {
      prompt: 'a fox in the snow: cold!',
      ratio: '16:9',
      reference: { name: 'fox.jpg', bytes: Buffer.from('bytes') },
      private: true,
    },
  });
});

test.each([
  ['/imagin prompt: x', 'There is no command "/imagin prompt: x". There is /imagine.'],
  ['/imagine a fox', '"a fox" belongs to no option. Write an option\'s name first: prompt: a fox'],
  ['/imagine prompt: x private: maybe', 'private is either true or false'],
  ['/imagine prompt: x reference: ./nowhere.png', './nowhere.png cannot be read'],
])('%s is answered with the way out', async (line, message) => {
  await expect(parseCommand(line, commands)).rejects.toThrow(message);
});
