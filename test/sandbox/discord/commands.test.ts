import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Discord, startDiscord } from '../../../sandbox/discord/index.ts';
import { call } from './api.ts';

let discord: Discord;
const commandsPath = () => `/applications/${discord.applicationId}/commands`;
const paint = { name: 'paint', description: 'Paints' };
const option = (name: string, extra: object = {}) => ({ type: 3, name, description: 'An option', ...extra });

beforeEach(async () => {
  discord = await startDiscord({ rateLimits: false });
});
afterEach(() => discord.close());

async function refusal(command: object) {
  const { status, body } = await call(discord, 'PUT', commandsPath(), [command]);
  expect([status, body.code]).toEqual([400, 50035]);
  return (body.errors as Record<string, unknown>)[0];
}

const fault = (code: string) => ({ _errors: [expect.objectContaining({ code })] });

test('a command is kept with the defaults Discord fills in', async () => {
  const { status, body } = await call(discord, 'POST', commandsPath(), paint);
  expect(status).toBe(201);
  expect(body).toMatchObject({
    ...paint,
    type: 1,
    application_id: discord.applicationId,
    default_member_permissions: null,
    nsfw: false,
  });
  expect(discord.commands()).toEqual([body]);
});

test('an overwrite keeps the ids of commands of the same name and drops the rest', async () => {
  const first = await call(discord, 'PUT', commandsPath(), [paint, { name: 'jobs', description: 'Jobs' }]);
  const second = await call(discord, 'PUT', commandsPath(), [{ ...paint, description: 'Paints anew' }]);
  const [before] = first.body as unknown as { id: string; version: string }[];
  const [after, ...others] = second.body as unknown as { id: string; version: string }[];
  expect(others).toEqual([]);
  expect(after?.id).toBe(before?.id);
  expect(after?.version).not.toBe(before?.version);
});

test('guild commands live beside global ones', async () => {
  await call(discord, 'PUT', `/applications/${discord.applicationId}/guilds/${discord.guild.id}/commands`, [
    paint,
  ]);
  expect(discord.commands()).toEqual([]);
  expect(discord.commands(discord.guild.id)).toMatchObject([{ name: 'paint', guild_id: discord.guild.id }]);
});

test('one command can be read, changed and deleted', async () => {
  const { body } = await call(discord, 'POST', commandsPath(), paint);
  const path = `${commandsPath()}/${body.id}`;
  expect((await call(discord, 'PATCH', path, { description: 'New' })).body).toMatchObject({
    description: 'New',
  });
  expect((await call(discord, 'DELETE', path)).status).toBe(204);
  expect((await call(discord, 'GET', path)).body.code).toBe(10063);
});

test('default_member_permissions is taken as the string it is documented to be', async () => {
  const { status } = await call(discord, 'POST', commandsPath(), {
    ...paint,
    default_member_permissions: '8192',
  });
  expect(status).toBe(201);
});

test('names are checked by Discord’s pattern and must be lower case', async () => {
  for (const name of ['Paint', 'pa int', 'pä!nt', '🦊']) {
    expect(await refusal({ ...paint, name })).toEqual({ name: fault('APPLICATION_COMMAND_INVALID_NAME') });
  }
  const fine = await call(discord, 'PUT', commandsPath(), [{ ...paint, name: "mal_dir-ein's" }]);
  expect(fine.status).toBe(200);
});

test('a name or a description that is too long or missing is refused where it stands', async () => {
  expect(await refusal({ ...paint, description: 'x'.repeat(101) })).toEqual({
    description: { _errors: [{ code: 'BASE_TYPE_MAX_LENGTH', message: 'Must be 100 or fewer in length.' }] },
  });
  expect(await refusal({ name: 'paint' })).toEqual({ description: fault('BASE_TYPE_REQUIRED') });
  expect(await refusal({ description: 'x' })).toEqual({ name: fault('BASE_TYPE_REQUIRED') });
  expect(await refusal({ ...paint, options: [option('a', { description: '' })] })).toEqual({
    options: { 0: { description: fault('BASE_TYPE_REQUIRED') } },
  });
});

test('required options must come first and names must be unique', async () => {
  expect(await refusal({ ...paint, options: [option('a'), option('b', { required: true })] })).toEqual({
    options: { 1: fault('APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID') },
  });
  expect(await refusal({ ...paint, options: [option('a'), option('a')] })).toEqual({
    options: { 1: { name: fault('APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS') } },
  });
});

test('at most 25 options and 25 choices, each value up to 100 characters', async () => {
  const many = Array.from({ length: 26 }, (_, index) => `n${index}`);
  expect(await refusal({ ...paint, options: many.map((name) => option(name)) })).toEqual({
    options: fault('BASE_TYPE_MAX_LENGTH'),
  });
  const choices = many.map((name) => ({ name, value: name }));
  expect(await refusal({ ...paint, options: [option('a', { choices })] })).toEqual({
    options: { 0: { choices: fault('BASE_TYPE_MAX_LENGTH') } },
  });
  const long = [{ name: 'long', value: 'x'.repeat(101) }];
  expect(await refusal({ ...paint, options: [option('a', { choices: long })] })).toEqual({
    options: { 0: { choices: { 0: { value: fault('BASE_TYPE_MAX_LENGTH') } } } },
  });
});

test('an unknown option type is refused at its type', async () => {
  expect(await refusal({ ...paint, options: [option('a', { type: 99 })] })).toEqual({
    options: { 0: { type: fault('UNION_TYPE_CHOICES') } },
  });
});

test('a command has at most 8,000 characters, the longest localization counted', async () => {
  const options = Array.from({ length: 25 }, (_, index) =>
    option(`option-${index}`, {
      choices: Array.from({ length: 25 }, (__, choice) => ({
        name: `${choice}`.padEnd(9, '.'),
        value: `${choice}`,
      })),
    }),
  );
  const within = await call(discord, 'PUT', commandsPath(), [{ ...paint, options }]);
  expect(within.status).toBe(200);
  const [first, ...rest] = options;
  const localized = { ...first, description_localizations: { de: 'ü'.repeat(100) } };
  const padded = rest.map((each) => ({ ...each, description: 'd'.repeat(60) }));
  expect(await refusal({ ...paint, options: [localized, ...padded] })).toEqual(
    fault('APPLICATION_COMMAND_TOO_LARGE'),
  );
});

test('menus have no description, and may have spaces and capitals', async () => {
  expect((await call(discord, 'PUT', commandsPath(), [{ type: 3, name: 'Paint again' }])).status).toBe(200);
  expect(await refusal({ type: 3, name: 'Paint again', description: 'x' })).toHaveProperty('description');
});

test('two commands of one type can’t share a name', async () => {
  const { body } = await call(discord, 'PUT', commandsPath(), [paint, paint]);
  expect(body.errors).toEqual({ 1: { name: fault('APPLICATION_COMMANDS_DUPLICATE_NAME') } });
  const menu = { type: 3, name: 'paint' };
  expect((await call(discord, 'PUT', commandsPath(), [paint, menu])).status).toBe(200);
});

test('whatever is sent for a command, the answer is an acceptance or a 50035', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (value) => {
      const { status, body } = await call(discord, 'PUT', commandsPath(), value);
      expect(status === 200 || body.code === 50035).toBe(true);
    }),
    { numRuns: 100 },
  );
});
