import { MessageFlags } from 'discord.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Message } from '../../sandbox/discord/index.ts';
import { redrawPrompt } from '../../src/services/request/redraw.ts';
import {
  type BotOnSandbox,
  createsOf,
  image,
  images,
  reply,
  startBotOnSandbox,
  textOf,
} from '../support/bot-on-sandbox.ts';
import { labels, press, submit } from '../support/buttons.ts';
import { imagined, restart } from '../support/generations.ts';
import { isAlike, lastReference, looksOf } from '../support/looks.ts';

const WEEK_MS = 7 * 24 * 60 * 60_000;
const STRONG = /\n\nMake a new variation of this image: .*$/;
const SUBTLE = /\n\nMake a subtle variation of this image: .*$/;

let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox();
});
afterAll(() => on.close());

describe.each(['in the same process', 'a week and a restart later'])('%s', (when) => {
  /** Made before the restart, by what is done with them after it. */
  const made = new Map<string, { message: Message; looks: Awaited<ReturnType<typeof looksOf>> }>();
  beforeAll(async () => {
    for (const what of ['shown alone', 'made of the second', 'varied', 'again in number', 'varied alone']) {
      const count = what === 'varied alone' ? 1 : 2;
      const message = await imagined(on, `${what} ${when}`, { count });
      made.set(what, { message, looks: await looksOf(message) });
    }
    if (when === 'in the same process') return;
    await on.advance(WEEK_MS);
    await restart(on);
  });

  function madeFor(what: string) {
    const found = made.get(what);
    if (!found) throw new Error(`nothing was made to be ${what}`);
    return found;
  }

  test('U shows one of several images alone, with its buttons, to the person who presses', async () => {
    const { bob } = on.discord.people;
    const { message: two } = madeFor('shown alone');
    const alone = await shown(two, 'U2', bob);
    expect(alone).toMatchObject({ flags: MessageFlags.Ephemeral, visibleTo: bob.id });
    expect(alone.embeds[0]?.image?.url).toContain(two.attachments[1]?.filename);
    expect(alone.embeds[0]?.title).toBe('Image 2 of 2');
    expect(labels(alone)).toEqual([
      ...['Vary (strong)', 'Vary (subtle)', 'Upscale', 'Remove background'],
      ...['Use as reference', 'Redraw in 2K'],
    ]);
  });

  test('an image made from one that was shown alone is made from that one, and as public', async () => {
    const { bob } = on.discord.people;
    const prompt = `made of the second ${when}`;
    const { message: two, looks } = madeFor('made of the second');
    const alone = await shown(two, 'U2', bob);
    const second = await image(press(on, alone, 'Redraw in 2K', bob));
    expect(second.visibleTo).toBeNull();
    expect(createsOf(on.jimmyAi, redrawPrompt(prompt)).at(-1)).toMatchObject({ resolution: '2k' });
    expect(await isAlike(lastReference(on.jimmyAi, redrawPrompt(prompt)), looks[1])).toBe(true);
    const change = `in blue ${when}`;
    await image(await submit(on, press(on, alone, 'Use as reference', bob), { prompt: change }));
    expect(await isAlike(lastReference(on.jimmyAi, change), looks[1])).toBe(true);
  });

  test('V makes another image like that one at once, for the person who presses', async () => {
    const { bob } = on.discord.people;
    const prompt = `varied ${when}`;
    const { message: two, looks } = madeFor('varied');
    const varied = await image(press(on, two, 'V2', bob));
    expect(textOf(varied)).toContain(`by <@${bob.id}>`);
    expect(textOf(varied)).toContain(prompt);
    const [sent] = on.jimmyAi.tasks.slice(-1);
    expect(sent?.request.prompt).toMatch(STRONG);
    expect(sent?.request.prompt.replace(STRONG, '')).toBe(prompt);
    expect(await isAlike(lastReference(on.jimmyAi, sent?.request.prompt ?? ''), looks[1])).toBe(true);
  });

  test('a single image is varied strongly or subtly with one press, and a variation like its first image', async () => {
    const prompt = `varied alone ${when}`;
    const { message: first } = madeFor('varied alone');
    const strong = await image(press(on, first, 'Vary (strong)'));
    const subtle = await image(press(on, strong, 'Vary (subtle)'));
    const [one, other] = on.jimmyAi.tasks.slice(-2).map(({ request }) => request.prompt);
    expect(one?.replace(STRONG, '')).toBe(prompt);
    expect(other?.replace(SUBTLE, '')).toBe(prompt);
    expect(labels(subtle)).toContain('Vary (strong)');
  });

  test('Again makes another number of images, too', async () => {
    const prompt = `again in number ${when}`;
    const { message: two } = madeFor('again in number');
    const one = await image(press(on, two, 'Again ×1'));
    expect(createsOf(on.jimmyAi, prompt)).toHaveLength(3);
    const asked = await reply(press(on, one, 'Again ×4'), /This makes 4 images/);
    await images(press(on, asked, 'Make 4 images'), 4);
    expect(createsOf(on.jimmyAi, prompt)).toHaveLength(7);
  });
});

test('a private image is shown and varied for its owner alone, though nobody can look it up', async () => {
  const two = await imagined(on, 'secret foxes', { count: 2, private: true });
  const looks = await looksOf(two);
  await on.advance(WEEK_MS);
  const alone = await shown(two, 'U1');
  const varied = await image(press(on, alone, 'Vary (subtle)'));
  expect(varied.visibleTo).toBe(two.visibleTo);
  const sent = on.jimmyAi.tasks.at(-1)?.request.prompt ?? '';
  expect(await isAlike(lastReference(on.jimmyAi, sent), looks[0])).toBe(true);
});

async function shown(message: Message, label: string, user?: Parameters<typeof press>[3]): Promise<Message> {
  const { message: alone } = await press(on, message, label, user).response();
  if (!alone) throw new Error('nothing was shown');
  return alone;
}
