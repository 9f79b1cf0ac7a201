import { MessageFlags, PermissionFlagsBits as Permission } from 'discord.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Interaction, Message } from '../../sandbox/discord/index.ts';
import {
  type BotOnSandbox,
  creates,
  image,
  reply,
  startBotOnSandbox,
  textOf,
  until,
} from '../support/bot-on-sandbox.ts';
import { labels, press } from '../support/buttons.ts';
import { finishImages, imagine, imagineUnderWay, restart } from '../support/generations.ts';

const TOKEN_LIFE_MS = 15 * 60_000;
/** Longer than the slowest image takes, and shorter than its deadline. */
const SLOW_MS = 3.5 * 60 * 60_000;
const NOT_LASTING = /bot can’t write here for longer than 15 minutes.*direct message.*\/history/;

type Place = keyof typeof PLACES;
const PLACES = {
  'a server': ({ discord }: BotOnSandbox) => discord.channel,
  'a thread': ({ discord }: BotOnSandbox) => discord.thread,
  'a forum post': ({ discord }: BotOnSandbox) => discord.forumPost,
  'the chat of a voice channel': ({ discord }: BotOnSandbox) => discord.voice,
  'direct messages with the bot': ({ discord }: BotOnSandbox) => discord.dm(discord.people.alice),
  'direct messages between people': ({ discord }: BotOnSandbox) =>
    discord.dm(discord.people.alice, discord.people.bob),
  'a group of people': ({ discord }: BotOnSandbox) => discord.groupDm,
  'a server that the bot is no member of': ({ discord }: BotOnSandbox) => discord.elsewhere,
};
const AWAY: readonly Place[] = [
  'direct messages between people',
  'a group of people',
  'a server that the bot is no member of',
];

let on: BotOnSandbox;

describe('every place', () => {
  const first = new Map<Place, Message>();
  beforeAll(async () => {
    on = await startBotOnSandbox();
    for (const place of Object.keys(PLACES) as Place[]) {
      first.set(place, await image(imagine(on, `a fox in ${place}`, { channel: PLACES[place](on) })));
    }
    await restart(on);
  });
  afterAll(() => on.close());

  test.each(Object.keys(PLACES) as Place[])(
    '%s gets its image, and the next one after a restart',
    async (place) => {
      const message = first.get(place);
      if (!message) throw new Error('there is no image');
      expect(message.channel_id).toBe(PLACES[place](on).id);
      for (const label of ['Again', 'Redraw in 2K']) {
        expect((await image(press(on, message, label))).channel_id).toBe(message.channel_id);
      }
    },
  );

  test.each(['history', 'jobs', 'settings', 'privacy'])(
    'offers /%s, which only the person sees',
    async (name) => {
      for (const channel of Object.values(PLACES).map((find) => find(on))) {
        const message = await on.discord.interact.command({ name, channel }).answer();
        expect(message.visibleTo).toBe(on.discord.people.alice.id);
      }
    },
  );

  test('a person can use the bot as their own app where others have installed it, too', async () => {
    for (const userInstalled of [true, 'too'] as const) {
      const message = await image(imagine(on, 'a guest', { userInstalled }));
      expect(labels(message)).toContain('Again');
    }
  });

  describe('before anything is paid', () => {
    async function expectRefused(interaction: Interaction): Promise<void> {
      const { message } = await interaction.response();
      expect(message?.flags).toBe(MessageFlags.Ephemeral);
      expect(message && textOf(message)).toMatch(/may not attach files here.*nothing was started or charged/);
    }

    test('a channel in which the bot may not attach files is told so, whatever asks', async () => {
      const { channel } = on.discord;
      const first = await image(imagine(on, 'allowed', { channel }));
      const made = creates(on.jimmyAi).length;
      const restore = on.discord.faults.revokePermissions(Permission.AttachFiles, channel);
      await expectRefused(imagine(on, 'not allowed', { channel }));
      await expectRefused(press(on, first, 'Again'));
      expect(creates(on.jimmyAi)).toHaveLength(made);
      restore();
      expect(labels(await image(press(on, first, 'Again')))).toContain('Delete');
    });

    test('a channel in which it no longer may when the person confirms is told so, and can be tried again later', async () => {
      const { channel } = on.discord;
      const asked = imagine(on, 'confirmed too late', { channel, count: 3 });
      const question = await reply(asked, /each one charged/);
      const restore = on.discord.faults.revokePermissions(Permission.AttachFiles, channel);
      press(on, question, 'Make 3 images');
      const told = await on.besides(/may not attach files here.*nothing was started or charged/);
      expect(told.flags).toBe(MessageFlags.Ephemeral);
      await until(() => asked.message() === undefined);
      restore();
      expect(creates(on.jimmyAi).filter(({ prompt }) => prompt === 'confirmed too late')).toEqual([]);
      await image(press(on, told, 'Try again'));
    });

    test('its threads are told so, too', async () => {
      const restore = on.discord.faults.revokePermissions(Permission.AttachFiles, on.discord.channel);
      await expectRefused(imagine(on, 'not allowed here either', { channel: on.discord.thread }));
      restore();
    });
  });
});

describe('a place where the bot cannot write later', () => {
  beforeAll(async () => {
    on = await startBotOnSandbox({ jimmyAi: { speed: 1 }, env: { TASK_DEADLINE_SECONDS: '14400' } });
  });
  afterAll(() => on.close());

  test.each(AWAY)('%s: is told once it may matter, and where the image will be', async (place) => {
    const channel = PLACES[place](on);
    const quick = await imagineUnderWay(on, `a fox in ${place}`, { channel });
    expect(textOf(await reply(quick, /./))).not.toMatch(NOT_LASTING);
    await finishImages(on);
    await image(quick);
    on.jimmyAi.misbehave({ kind: 'slow', factor: 400 });
    const slow = await imagineUnderWay(on, `a slow fox in ${place}`, { channel });
    await on.advance(TOKEN_LIFE_MS / 2 + 1000);
    await reply(slow, NOT_LASTING);
    await on.advance(SLOW_MS);
    await on.besides(new RegExp(`a slow fox in ${place}`));
  });

  test.each(Object.keys(PLACES).filter((place) => !AWAY.includes(place as Place)) as Place[])(
    '%s is not such a place',
    async (place) => {
      const interaction = await imagineUnderWay(on, `a fox in ${place}`, { channel: PLACES[place](on) });
      expect(textOf(await reply(interaction, /./))).not.toMatch(NOT_LASTING);
      await finishImages(on);
      await image(interaction);
    },
  );

  test('gets an image that takes longer as a direct message, as announced', async () => {
    const channel = on.discord.elsewhere;
    on.jimmyAi.misbehave({ kind: 'slow', factor: 400 });
    await imagineUnderWay(on, 'a slow fox', { channel });
    await on.advance(TOKEN_LIFE_MS + 1000);
    await on.advance(SLOW_MS);
    const message = await on.besides(/a slow fox$/m);
    expect(message.channel_id).toBe(on.discord.dm(on.discord.people.alice).id);
    expect(message.attachments).toHaveLength(1);
  });
});
