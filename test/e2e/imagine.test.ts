import { MessageFlags } from 'discord.js';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EDIT_INTERVAL_MS } from '../../src/services/reporting/reporter.ts';
import { type BotOnSandbox, creates, image, startBotOnSandbox, textOf } from '../support/bot-on-sandbox.ts';

let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox({ jimmyAi: { speed: 4, pixelScale: 1 }, env: { POLL_MIN_SECONDS: '0.3' } });
});
afterAll(() => on.close());

test.concurrent('an image of the right ratio and size arrives as an attachment; at 4K it has more than 8 megapixels', async () => {
  const interaction = on.discord.interact.command({
    name: 'imagine',
    options: { prompt: 'A fox in the snow', model: 'nano-banana-2', ratio: '16:9', resolution: '4k' },
  });
  const message = await image(interaction);
  const [attachment] = message.attachments;
  const bytes = Buffer.from(await (await fetch(attachment?.url ?? '')).arrayBuffer());
  const { width, height, format } = await sharp(bytes).metadata();
  expect(format).toBe('png');
  expect(width / height).toBeCloseTo(16 / 9, 2);
  expect(width * height).toBeGreaterThan(8_000_000);
  expect(attachment).toMatchObject({
    filename: 'a-fox-in-the-snow-nano-banana-2.png',
    description: 'A fox in the snow',
  });
  expect(textOf(message)).toMatch(/^A fox in the snow\nNano Banana 2 · 16:9 · 4K · \d+ s$/);
});

test.concurrent('the deferred reply says how far it is, at least two seconds apart, then shows the image', async () => {
  const interaction = on.discord.interact.command({
    name: 'imagine',
    options: { prompt: 'a slow fox', model: 'nano-banana-pro' },
  });
  await image(interaction);
  const seen = interaction.history.map(({ message }) => textOf(message));
  // Which of the steps before is seen depends on how busy the machine is.
  const isBefore = (text: string) => /Sending this to|Waiting for the image service/.test(text);
  const progress = seen.slice(1, -1).filter((text) => !isBefore(text));
  expect(progress.length).toBeGreaterThan(0);
  for (const text of progress)
    expect(text).toMatch(
      /([▰▱]{12} (about )?\d+%|is being made\.)\nstarted <t:\d+:R> · (expected <t:\d+:R>|any moment now|taking longer)|on its way/,
    );
  const edits = interaction.history.slice(1, -1).map(({ at }) => at);
  for (const [index, at] of edits.slice(1).entries()) {
    expect(at - (edits[index] ?? 0)).toBeGreaterThanOrEqual(EDIT_INTERVAL_MS - 100);
  }
  expect(new Set(seen).size).toBe(seen.length);
});

test.concurrent('a private request is answered so that only the person sees it', async () => {
  const interaction = on.discord.interact.command({
    name: 'imagine',
    options: { prompt: 'a secret fox', model: 'nano-banana', private: true },
  });
  const message = await image(interaction);
  expect((message.flags ?? 0) & MessageFlags.Ephemeral).not.toBe(0);
  expect(message.visibleTo).toBe(interaction.user.id);
});

test.concurrent('markdown and mentions in a prompt are shown literally and ping nobody', async () => {
  const { bob } = on.discord.people;
  const prompt = `**bold** @everyone <@${bob.id}> [link](https://evil.example) # no`;
  const interaction = on.discord.interact.command({
    name: 'imagine',
    options: { prompt, model: 'nano-banana' },
  });
  const message = await image(interaction);
  expect(textOf(message)).toContain(
    `\\*\\*bold\\*\\* \\@everyone \\<@${bob.id}> \\[link\\](https\\://evil.example)`,
  );
  for (const { message: version } of interaction.history) {
    expect(version.pings).toEqual({ everyone: false, users: [], roles: [] });
  }
  for (const { body, files } of on.discord.requests) {
    const says = body as { content?: unknown; embeds?: unknown; allowed_mentions?: unknown } | undefined;
    if (says?.embeds || files.length > 0) expect(says?.allowed_mentions).toMatchObject({ parse: [] });
  }
});

test.concurrent('a quality for a model that has none is not sent, and the reply says so', async () => {
  const interaction = on.discord.interact.command({
    name: 'imagine',
    options: { prompt: 'a careful fox', model: 'nano-banana', quality: 'high' },
  });
  const message = await image(interaction);
  expect(textOf(message)).toContain('Nano Banana has no quality setting, so yours was not sent.');
  expect(creates(on.jimmyAi).find(({ prompt }) => prompt === 'a careful fox')).not.toHaveProperty('quality');
});

test.concurrent('it works in a direct message with the bot, too', async () => {
  const { bob } = on.discord.people;
  const interaction = on.discord.interact.command({
    name: 'imagine',
    user: bob,
    channel: on.discord.dm(bob),
    options: { prompt: 'a fox for bob', model: 'nano-banana' },
  });
  expect((await image(interaction)).channel_id).toBe(on.discord.dm(bob).id);
});

test.concurrent('an interaction that Discord delivers twice is served once', async () => {
  const interaction = on.discord.interact.command({
    name: 'imagine',
    options: { prompt: 'one fox', model: 'nano-banana' },
  });
  await interaction.response();
  on.discord.interact.redeliver(interaction);
  await image(interaction);
  expect(creates(on.jimmyAi).filter(({ prompt }) => prompt === 'one fox')).toHaveLength(1);
});
