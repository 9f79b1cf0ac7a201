import { PermissionFlagsBits } from 'discord.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BotOnSandbox, image, startBotOnSandbox, textOf } from '../support/bot-on-sandbox.ts';
import { changed, press, remove, submit } from '../support/buttons.ts';
import { imagined } from '../support/generations.ts';
import { isAlike, lastReference, looksOf } from '../support/looks.ts';
import { noise } from '../support/pictures.ts';

const WEEK_MS = 7 * 24 * 60 * 60_000;

let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox();
});
afterAll(() => on.close());

test('images made from a private image are private, and do not link it', async () => {
  const { bob } = on.discord.people;
  const first = await imagined(on, 'a secret fox', { user: bob, private: true });
  const second = await image(press(on, first, 'Again', bob));
  expect(second.visibleTo).toBe(bob.id);
  expect(textOf(second)).not.toContain('Made from');
});

test('an image made in /history from one whose reply was deleted is shown to nobody else', async () => {
  const { bob } = on.discord.people;
  const first = await imagined(on, 'a regretted fox', { user: bob });
  await (await remove(on, first, bob)).response();
  const sheet = await on.discord.interact.command({ name: 'history', user: bob }).answer();
  expect(textOf(sheet)).toContain('a regretted fox');
  const page = await changed(on, sheet, '1', /a regretted fox/, bob);
  expect((await image(press(on, page, 'Again', bob))).visibleTo).toBe(bob.id);
});

test('an image that Discord showed to one person only stays private, although nobody had asked for that', async () => {
  const { bob } = on.discord.people;
  const everyone = on.discord.guild.roles.find(({ name }) => name === '@everyone');
  if (!everyone) throw new Error('a server without its first role');
  const { permissions } = everyone;
  everyone.permissions = String(BigInt(permissions) & ~PermissionFlagsBits.UseExternalApps);
  const first = await imagined(on, 'an outsider fox', { user: bob, userInstalled: true });
  everyone.permissions = permissions;
  expect(first.visibleTo).toBe(bob.id);
  const second = await image(press(on, first, 'Again', bob));
  expect(second.visibleTo).toBe(bob.id);
  expect(textOf(second)).not.toContain('Made from');
});

test('everybody who sees an image may make another one from it, which is theirs', async () => {
  const { bob, carol } = on.discord.people;
  const first = await imagined(on, 'everybody’s fox', { user: bob });
  const second = await image(press(on, first, 'Again', carol));
  const refused = await press(on, second, 'Delete', bob).response();
  expect(refused.message && textOf(refused.message)).toContain(`<@${carol.id}>`);
});

test('several private images can be used a week later, though nobody can look them up', async () => {
  const first = await imagined(on, 'secret foxes', { count: 2, private: true });
  const looks = await looksOf(first);
  await on.advance(WEEK_MS);
  const { message } = await press(on, first, 'U2').response();
  if (!message) throw new Error('nothing was shown');
  await image(await submit(on, press(on, message, 'Use as reference'), { prompt: 'the second secret' }));
  expect(await isAlike(lastReference(on.jimmyAi, 'the second secret'), looks[1])).toBe(true);
});

test('people whose images are private by default also make private ones from others’ images', async () => {
  const { bob, carol } = on.discord.people;
  const panel = await on.discord.interact.command({ name: 'settings', user: carol }).answer();
  const onlyMe = { private: ['onlyMe'] };
  await (await submit(on, press(on, panel, 'Change defaults', carol), onlyMe)).response();
  const first = await imagined(on, 'bobs open fox', { user: bob });
  expect((await image(press(on, first, 'Again', carol))).visibleTo).toBe(carol.id);
  press(on, panel, 'Reset', carol);
});

test('nobody else can send a person’s reference images, whatever the prompt says', async () => {
  const { bob } = on.discord.people;
  const bytes = await noise(90, 64).png().toBuffer();
  const options = { prompt: 'with my photo', model: 'nano-banana', reference: { name: 'me.png', bytes } };
  const first = await image(on.discord.interact.command({ name: 'imagine', options }));
  for (const label of ['Again', 'Edit prompt']) {
    const refused = await press(on, first, label, bob).response();
    expect(refused.message && textOf(refused.message)).toMatch(/their own reference images/);
  }
  await image(await submit(on, press(on, first, 'Use as reference', bob), { prompt: 'from the result' }));
});
