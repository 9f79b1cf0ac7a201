import { MessageFlags } from 'discord.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Interaction, Message, User } from '../../sandbox/discord/index.ts';
import {
  type BotOnSandbox,
  creates,
  image,
  reply,
  startBotOnSandbox,
  textOf,
  until,
} from '../support/bot-on-sandbox.ts';
import { labels, press, submit } from '../support/buttons.ts';
import { imagined, restart } from '../support/generations.ts';

let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox();
});
afterAll(() => on.close());

describe.each(['in the same process', 'after a restart'])('%s', (when) => {
  let panel: Message;
  let chose: User;
  let mentioned: User;
  let messaged: User;
  let patient: User;
  beforeAll(async () => {
    panel = await settings(on.discord.people.bob);
    chose = on.newPerson();
    await choose(await settings(chose), chose);
    [mentioned, messaged, patient] = [on.newPerson(), on.newPerson(), on.newPerson()];
    await setNotices(mentioned, { notify: ['mention'], after: '' });
    await setNotices(messaged, { notify: ['direct'], after: '' });
    await setNotices(patient, { notify: ['mention'], after: '60' });
    if (when === 'after a restart') await restart(on);
  });

  async function choose(from: Message, user: User): Promise<void> {
    await submit(on, press(on, from, 'Change defaults', user), {
      model: ['nano-banana-pro'],
      ratio: ['3:2'],
      resolution: ['2k'],
      private: ['onlyMe'],
    });
    expect(textOf(await changed(from, /Nano Banana Pro/))).toMatch(
      /\*\*Nano Banana Pro · 3:2 · 2K\*\*\nWho can see the reply: \*\*Only me\*\*/,
    );
  }

  test('a person’s defaults are used for options that they leave out, and shown in the reply', async () => {
    const { bob } = on.discord.people;
    expect(panel.flags).toBe(MessageFlags.Ephemeral);
    await choose(panel, bob);
    for (const user of [bob, chose]) {
      const plain = await image(imagine(`plain ${when}`, user));
      expect(textOf(plain)).toContain('Nano Banana Pro · 3:2 · 2K');
      expect(plain.visibleTo).toBe(user.id);
    }
    const own = await image(imagine(`own ${when}`, chose, { ratio: '1:1', private: false }));
    expect(textOf(own)).toContain('Nano Banana Pro · 1:1 · 2K');
    expect(own.visibleTo).toBeNull();
    expect(textOf(await image(imagine(`of others ${when}`)))).toContain('GPT Image 2 · Auto · 1K · Low');
    press(on, panel, 'Reset', bob);
    await changed(panel, /GPT Image 2 · Auto · 1K · Low/);
  });

  test('a person who wants a mention gets one, once, in a message that links the image', async () => {
    const made = await imagined(on, `mentioned ${when}`, { user: mentioned });
    const notice = await on.besides(new RegExp(`Your image is ready.*/${made.id}`));
    expect(notice.pings.users).toEqual([mentioned.id]);
    expect(notice.channel_id).toBe(made.channel_id);
  });

  test('a person who wants a direct message gets one', async () => {
    const made = await imagined(on, `told directly ${when}`, { user: messaged });
    const notice = await on.besides(new RegExp(`Your image is ready.*/${made.id}`));
    expect(notice.channel_id).toBe(on.discord.dm(messaged).id);
  });

  // That no other message was written is checked at the end.
  test('a person who only wants notices of slow images gets none of quick ones', async () => {
    await imagined(on, `quick ${when}`, { user: patient });
  });
});

test('a notice whose answer is lost is not sent twice', async () => {
  const { carol } = on.discord.people;
  await setNotices(carol, { notify: ['direct'], after: '' });
  const route = '/channels/{channel_id}/messages';
  on.discord.faults.rest({ method: 'POST', route, status: 500, afterApplying: true });
  const before = on.discord.requests.length;
  const made = await imagined(on, 'told once', { user: carol });
  await on.besides(new RegExp(`/${made.id}`));
  const statuses = () =>
    on.discord.requests
      .slice(before)
      .filter((request) => request.route === route)
      .map(({ status }) => status);
  await until(() => statuses().join() === '500,200');
  await setNotices(carol, { notify: ['off'], after: '' });
});

test('only the person sees the notice of a private image', async () => {
  const { carol } = on.discord.people;
  await setNotices(carol, { notify: ['mention'], after: '' });
  await imagined(on, 'a secret fox', { user: carol, private: true });
  expect((await on.besides(/Your image is ready\.$/)).visibleTo).toBe(carol.id);
  await setNotices(carol, { notify: ['off'], after: '' });
});

test('the notice of a private image never comes into the channel, even if the token has died', async () => {
  const { carol } = on.discord.people;
  await setNotices(carol, { notify: ['mention'], after: '' });
  const route = '/webhooks/{webhook_id}/{webhook_token}';
  on.discord.faults.rest({ method: 'POST', route, status: 401, code: 50027 });
  await imagined(on, 'a fox that nobody knows of', { user: carol, private: true });
  expect((await on.besides(/^Your image is ready\.$/)).channel_id).toBe(on.discord.dm(carol).id);
  await setNotices(carol, { notify: ['off'], after: '' });
});

test('a person who accepts no direct messages still gets the image, and nothing else happens', async () => {
  const { bob } = on.discord.people;
  await setNotices(bob, { notify: ['direct'], after: '' });
  on.discord.faults.closeDirectMessages(bob);
  await image(imagine('for closed doors', bob));
  await until(() =>
    on.bot().log.some(({ msg }) => msg === 'the person could not be notified that the images are done'),
  );
  await setNotices(bob, { notify: ['off'], after: '' });
});

test('a time that is not a number is refused with an example', async () => {
  const panel = await settings();
  const opened = press(on, panel, 'Notifications');
  const refused = await (await submit(on, opened, { notify: ['mention'], after: 'soon' })).response();
  expect(refused.message && textOf(refused.message)).toMatch(/whole number of seconds, such as 60/);
});

test('a default changes if it does not fit the options of the request', async () => {
  const panel = await settings();
  await submit(on, press(on, panel, 'Change defaults'), { model: ['gpt-image-2'], resolution: ['4k'] });
  // This model makes no 4K in a shape of its own choice: the panel says what comes of that, and why.
  const told = await changed(panel, /GPT Image 2 at 4K takes only the ratios 16:9/);
  expect(textOf(told)).toContain('GPT Image 2 · Auto · 2K · Low');
  await image(imagine('a wide fox', undefined, { ratio: '16:9' }));
  await image(imagine('a square fox', undefined, { ratio: '1:1' }));
  const resolutions = creates(on.jimmyAi)
    .filter(({ prompt }) => /a (wide|square) fox/.test(prompt))
    .map((body) => (body as { resolution?: string }).resolution);
  expect(resolutions).toEqual(['4k', '2k']);
  press(on, panel, 'Reset');
  await changed(panel, /1K/);
});

test('/privacy deletes settings, too', async () => {
  const { carol } = on.discord.people;
  await setNotices(carol, { notify: ['direct'], after: '90' });
  const { message } = await on.discord.interact.command({ name: 'privacy', user: carol }).response();
  if (!message) throw new Error('no answer');
  await press(on, message, 'Delete everything', carol).response();
  const asked = await changed(message, /your settings/);
  expect(labels(asked)).toEqual(['Yes, delete everything']);
  await press(on, asked, 'Yes, delete everything', carol).response();
  await changed(message, /^Deleted/);
  expect(textOf(await settings(carol))).toContain('You are not notified when an image is done.');
});

function imagine(prompt: string, user?: User, options: object = {}): Interaction {
  return on.discord.interact.command({
    name: 'imagine',
    options: { prompt, ...options },
    ...(user && { user }),
  });
}

async function settings(user?: User): Promise<Message> {
  return reply(on.discord.interact.command({ name: 'settings', ...(user && { user }) }), /Your settings/);
}

async function setNotices(user: User, fields: Record<string, string | string[]>): Promise<void> {
  const panel = await settings(user);
  await (await submit(on, press(on, panel, 'Notifications', user), fields)).response();
}

/** Waits until a message reads like this. */
function changed({ id }: Message, reads: RegExp): Promise<Message> {
  return until(() =>
    on.discord.messages().find((message) => message.id === id && reads.test(textOf(message))),
  );
}
