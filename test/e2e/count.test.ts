import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Interaction, Message } from '../../sandbox/discord/index.ts';
import {
  type BotOnSandbox,
  createsOf,
  images,
  reply,
  startBotOnSandbox,
  textOf,
  until,
  uploadsTo,
} from '../support/bot-on-sandbox.ts';
import { labels, press, stopWaiting } from '../support/buttons.ts';
import { imagine, restart, stored } from '../support/generations.ts';
import { noise } from '../support/pictures.ts';

/** Longer than a slow one takes, and shorter than a token lives. */
const LONG_ENOUGH_MS = 10 * 60_000;
/** A little more than the bot waits. */
const DEADLINE_MS = 31 * 60_000;

let on: BotOnSandbox;

describe('several images in one reply', () => {
  beforeAll(async () => {
    on = await startBotOnSandbox({ env: { CONFIRM_ABOVE: '4' } });
  });
  afterAll(() => on.close());

  test('are as many tasks of the same request, and one message with all of them', async () => {
    const message = await images(imagine(on, 'foxes', { count: 4 }), 4);
    expect(createsOf(on.jimmyAi, 'foxes')).toHaveLength(4);
    expect(new Set(createsOf(on.jimmyAi, 'foxes').map((body) => JSON.stringify(body))).size).toBe(1);
    expect(textOf(message)).toMatch(/4 images/);
    expect(names(message)).toEqual([1, 2, 3, 4].map((number) => `foxes-nano-banana-${number}.png`));
  });

  test('appear as they finish without waiting for the slowest, and show the progress of each', async () => {
    slowDownOne('two quick foxes');
    const interaction = imagine(on, 'two quick foxes', { count: 3 });
    const early = await images(interaction, 2);
    expect(textOf(early)).toMatch(/2 of 3 images ready/);
    expect(textOf(early).match(/✅/g)).toHaveLength(2);
    expect(textOf(early)).toMatch(/▱ \d+% · ready|⏳ waiting/);
    expect(labels(early)).toEqual(['Stop waiting']);
    await on.advance(LONG_ENOUGH_MS);
    const all = await images(interaction, 3);
    expect(names(all)).toEqual([1, 2, 3].map((number) => `two-quick-foxes-nano-banana-${number}.png`));
    expect(uploads('two-quick-foxes'), 'nothing goes up twice').toBe(3);
  });

  test('are not spoilt by one that fails', async () => {
    failOne('most foxes');
    const interaction = imagine(on, 'most foxes', { count: 3 });
    await settled('most foxes');
    const message = await images(interaction, 2);
    expect(textOf(message)).toMatch(/⚠️ Image \d: The image service could not make this image/);
    expect(textOf(message)).toMatch(/GPU on fire/);
    expect(labels(message)).toContain('Again');
  });

  test('are not spoilt by one that Discord refuses', async () => {
    slowDownOne('refused foxes');
    const interaction = imagine(on, 'refused foxes', { count: 2 });
    await images(interaction, 1);
    const explicit = { status: 400, code: 20009, times: 100 };
    const heals = [/^\/webhooks\//, /^\/channels\/\d+\/messages/].map((route) =>
      on.discord.faults.rest({ route, body: /"content"/, ...explicit }),
    );
    await on.advance(LONG_ENOUGH_MS);
    await until(() => on.bot().log.some(({ msg }) => msg.startsWith('the images cannot be shown')));
    for (const heal of heals) heal();
    const message = await reply(
      interaction,
      /Image \d: The image was made, but Discord refuses to show it here/,
    );
    expect(message.attachments).toHaveLength(1);
    expect(labels(message)).toContain('Use as reference');
  });

  test('say so once if all fail for one reason', async () => {
    for (let task = 0; task < 3; task += 1) failOne('no foxes');
    const message = await reply(imagine(on, 'no foxes', { count: 3 }), /could not make this image/);
    expect(textOf(message).match(/could not make/g)).toHaveLength(1);
  });

  test('stay if they are done when the person cancels', async () => {
    slowDownOne('enough foxes');
    const interaction = imagine(on, 'enough foxes', { count: 2 });
    const early = await images(interaction, 1);
    await stopWaiting(on, early);
    const message = await reply(interaction, /Image \d: Nobody is waiting/);
    expect(message.attachments).toHaveLength(1);
    expect(labels(message)).toEqual([
      'Get it anyway',
      'Again',
      'Again ×1',
      'Edit prompt',
      'Vary (strong)',
      'Vary (subtle)',
      'Upscale',
      'Remove background',
      'Use as reference',
      'Redraw in 2K',
      'Star',
      'Delete',
    ]);
  });

  describe('after a restart', () => {
    let late: Interaction;
    let cancelled: Message;
    let surviving: Interaction;
    beforeAll(async () => {
      slowDownOne('a late fox');
      late = imagine(on, 'a late fox', { count: 2 });
      await stopWaiting(on, await images(late, 1));
      cancelled = await reply(late, /Nobody is waiting/);
      await settled('a late fox');
      slowDownOne('surviving foxes');
      surviving = imagine(on, 'surviving foxes', { count: 3 });
      await images(surviving, 2);
      await restart(on);
      await on.advance(LONG_ENOUGH_MS);
    });

    test('are all there in the end, once, even if the process died after showing some', async () => {
      const message = await images(surviving, 3);
      expect(names(message)).toEqual([1, 2, 3].map((number) => `surviving-foxes-nano-banana-${number}.png`));
      expect(createsOf(on.jimmyAi, 'surviving foxes')).toHaveLength(3);
    });

    test('and one that comes later stand together, in their order', async () => {
      await press(on, cancelled, 'Get it anyway').response();
      const both = await images(late, 2);
      expect(names(both)).toEqual([1, 2].map((number) => `a-late-fox-nano-banana-${number}.png`));
      expect(uploads('a-late-fox')).toBe(2);
    });
  });

  test('go into a new message together if the reply was deleted halfway', async () => {
    slowDownOne('homeless foxes');
    const interaction = imagine(on, 'homeless foxes', { count: 3 });
    on.discord.faults.deleteMessage(await images(interaction, 2));
    await on.advance(LONG_ENOUGH_MS);
    expect((await on.besides(/homeless foxes/)).attachments).toHaveLength(3);
  });

  test('and one that comes after the reply was deleted stand in the new message, and later ones with it', async () => {
    slowDownOne('scattered foxes');
    slowDownOne('scattered foxes', 100_000);
    const interaction = imagine(on, 'scattered foxes', { count: 3 });
    await stopWaiting(on, await images(interaction, 1));
    const cancelled = await reply(interaction, /Nobody is waiting/);
    await settled('scattered foxes');
    press(on, cancelled, 'Get it anyway');
    await until(() => !stored(on.databasePath, 'scattered foxes')?.settledAt);
    on.discord.faults.deleteMessage(cancelled);
    await on.advance(DEADLINE_MS);
    const moved = await on.besides(/took too long/);
    expect(moved.attachments).toHaveLength(1);
    await settled('scattered foxes');
    await press(on, moved, 'Check again').response();
    await on.advance(2 * DEADLINE_MS);
    await until(() => {
      const now = on.discord.messages().find(({ id }) => id === moved.id);
      return now?.attachments.length === 2 && !/⚠️/.test(textOf(now));
    });
  });

  test('are shown by /jobs as far as they fit, if more are kept than a message can have', async () => {
    const { bob } = on.discord.people;
    const channel = on.discord.otherChannel;
    const prompts = ['kept foxes', 'kept owls', 'kept hares'];
    for (const prompt of prompts) {
      slowDownOne(prompt);
      await images(imagine(on, prompt, { user: bob, channel, count: 4 }), 3);
    }
    on.discord.faults.deleteChannel(channel);
    on.discord.faults.closeDirectMessages(bob);
    await on.advance(LONG_ENOUGH_MS);
    for (const prompt of prompts) await settled(prompt);
    await images(on.discord.interact.command({ name: 'jobs', user: bob }), 10);
  });

  test('share their references: they go up to the service once', async () => {
    const bytes = await noise(64, 64).png().toBuffer();
    const options = { prompt: 'foxes like this', count: 3, reference: { name: 'fox.png', bytes } };
    await images(on.discord.interact.command({ name: 'imagine', options }), 3);
    expect(uploadsTo(on.jimmyAi)).toBe(1);
    expect(new Set(createsOf(on.jimmyAi, 'foxes like this').map(({ images }) => images?.[0])).size).toBe(1);
  });
});

function slowDownOne(prompt: string, factor = 2000): void {
  on.jimmyAi.misbehave({ kind: 'slow', factor }, { when: (request) => request.prompt === prompt });
}

function failOne(prompt: string): void {
  const failed = { kind: 'failed', reason: 'GPU on fire' } as const;
  on.jimmyAi.misbehave(failed, { when: (request) => request.prompt === prompt });
}

function names({ attachments }: Message): string[] {
  return attachments.map(({ filename }) => filename);
}

function settled(prompt: string) {
  return until(() => stored(on.databasePath, prompt)?.settledAt);
}

/** How many files whose names begin like this Discord has been sent. */
function uploads(beginning: string): number {
  return on.discord.requests.flatMap(({ files }) => files).filter(({ name }) => name.startsWith(beginning))
    .length;
}
