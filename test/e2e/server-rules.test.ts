import { MessageFlags } from 'discord.js';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Channel, Interaction, Message } from '../../sandbox/discord/index.ts';
import {
  type BotOnSandbox,
  creates,
  createsOf,
  image,
  images,
  reply,
  startBotOnSandbox,
  textOf,
} from '../support/bot-on-sandbox.ts';
import { labels, press, submit } from '../support/buttons.ts';
import { imagined, restart } from '../support/generations.ts';
import { answer, fillRules, openRules, pickRule, resetRules, roleNamed } from '../support/rules.ts';

let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox();
});
afterEach(() => resetRules(on));
afterAll(() => on.close());

describe('a person is told privately of a rule that refuses their request, and nothing is made', () => {
  test('a model that is not allowed', async () => {
    await pickRule(on, await openRules(on), 'models', 'nano-banana', 'nano-banana-2');
    const told = await refused(ask({ prompt: 'a fox', model: 'gpt-image-2' }));
    expect(textOf(told)).toBe('This server doesn’t allow GPT Image 2: choose Nano Banana, Nano Banana 2.');
    expect(labels(told)).toEqual(['Make it with Nano Banana', 'Make it with Nano Banana 2', 'Edit prompt']);
  });

  test('a higher resolution or quality', async () => {
    const menus = await pickRule(on, await openRules(on), 'maxResolution', '1k');
    await pickRule(on, menus, 'maxQuality', 'low');
    const large = await refused(ask({ prompt: 'a fox', resolution: '2k' }));
    expect(textOf(large)).toBe('This server allows no more than 1K: choose a lower resolution.');
    const fine = await refused(ask({ prompt: 'a fox', quality: 'high' }));
    expect(textOf(fine)).toBe('This server allows no higher quality than Low: choose a lower one.');
    await image(ask({ prompt: 'a small fox' }));
  });

  test('a role that may not ask', async () => {
    await pickRule(on, await openRules(on), 'refusedRoles', roleNamed(on, 'Reporter'));
    const told = await refused(ask({ prompt: 'a fox' }));
    expect(textOf(told)).toMatch(/^The role <@&\d+> may not make images in this server\. Whoever manages it/);
    await image(ask({ prompt: 'a fox of the moderator' }, { user: on.discord.people.alice }));
  });

  test('a channel that is not allowed; threads count as their channel', async () => {
    const { channel, otherChannel, thread, forumPost } = on.discord;
    await pickRule(on, await openRules(on), 'channels', channel.id);
    for (const place of [otherChannel, forumPost])
      expect((await refused(ask({ prompt: 'a fox' }, { channel: place }))).content).toBe(
        `Images can’t be made in this channel. Use <#${channel.id}>.`,
      );
    await image(ask({ prompt: 'a fox here' }));
    await image(ask({ prompt: 'a fox in a thread' }, { channel: thread }));
    const untold = on.discord.faults.beginUntoldThread(channel);
    await image(ask({ prompt: 'a fox in a thread that the bot is no part of' }, { channel: untold }));
  });

  test('a blocked word, with a way to reword the prompt', async () => {
    await fillRules(on, await openRules(on), 'Blocked words', { words: 'Wolf\n狼' });
    const told = await refused(ask({ prompt: 'a WÖLF in the snow' }));
    expect(textOf(told)).toBe('This server doesn’t allow “Wolf” in a prompt: say it in other words.');
    expect(textOf(await refused(ask({ prompt: '雪地里的狼群' })))).toContain('“狼”');
    const opened = press(on, told, 'Edit prompt', on.discord.people.bob);
    expect(textOf(await refused(submit(on, opened, { prompt: 'two wolf cubs, wolf' })))).toContain('Wolf');
    await image(await submit(on, opened, { prompt: 'a wolfhound in the snow' }));
  });

  test('everything while the server is paused, with the reason; images under way continue', async () => {
    await fillRules(on, await openRules(on), 'Pause', { reason: 'Back on *Monday*' });
    const told = await refused(ask({ prompt: 'a fox' }));
    expect(textOf(told)).toMatch(
      /^Images are paused in this server: nothing was started or charged\.[^\n]*\n> Back on \\\*Monday\\\*$/,
    );
    const inChinese = await refused(ask({ prompt: 'a fox' }, { locale: 'zh-CN' }));
    expect(textOf(inChinese)).toContain('此服务器暂停了图片生成');
    await press(on, await openRules(on), 'Resume').response();
    await image(ask({ prompt: 'a fox on Monday' }));
  });
});

test('a form that is submitted while the server is paused keeps its text', async () => {
  const { bob } = on.discord.people;
  const old = await imagined(on, 'a fox before the pause', { user: bob });
  const opened = press(on, old, 'Edit prompt', bob);
  await opened.response();
  await fillRules(on, await openRules(on), 'Pause', {});
  const told = await refused(submit(on, opened, { prompt: 'a long story about a fox' }));
  expect(textOf(told)).toMatch(/^Images are paused in this server/);
  await press(on, await openRules(on), 'Resume').response();
  await image(await submit(on, press(on, told, 'Edit prompt', bob), {}));
  expect(createsOf(on.jimmyAi, 'a long story about a fox')).toHaveLength(1);
});

describe.each(['in the same process', 'after a restart'])('the buttons of an old message, %s', (when) => {
  const later = async () => {
    if (when === 'after a restart') await restart(on);
  };

  test('obey the current rules, whichever makes something', async () => {
    const { interact } = on.discord;
    const { bob } = on.discord.people;
    const prompt = `an old fox ${when}`;
    const old = await imagined(on, prompt, { user: bob });
    const question = await reply(ask({ prompt: `old foxes ${when}`, count: 3 }), /This makes 3 images/);
    const many = await images(ask({ prompt: `two old foxes ${when}`, count: 2 }), 2);
    on.jimmyAi.misbehave(
      { kind: 'dropped', at: 'create', created: true },
      { when: (request) => request.prompt.startsWith('a lost fox') },
    );
    const lost = await reply(ask({ prompt: `a lost fox ${when}` }), /may or may not have been charged/);
    const [edit, reference] = [press(on, old, 'Edit prompt', bob), press(on, old, 'Use as reference', bob)];
    await Promise.all([edit.response(), reference.response()]);
    await fillRules(on, await openRules(on), 'Pause', {});
    await later();
    const made = creates(on.jimmyAi).length;
    const ways = [
      press(on, old, 'Again', bob),
      press(on, old, 'Edit prompt', bob),
      press(on, old, 'Use as reference', bob),
      press(on, old, 'Redraw in 2K', bob),
      press(on, old, 'Vary (strong)', bob),
      press(on, many, 'V2', bob),
      press(on, old, 'Upscale', bob),
      press(on, lost, 'Try again', bob),
      interact.messageMenu({ message: old, name: 'Use as reference', user: bob }),
      await submit(on, edit, { prompt: 'a new fox' }),
      await submit(on, reference, { prompt: 'in the rain' }),
    ];
    for (const way of ways) expect(textOf(await refused(way))).toMatch(/^Images are paused in this server/);
    const alone = await answer(press(on, many, 'U1', bob));
    expect(textOf(await refused(press(on, alone, 'Redraw in 2K', bob)))).toMatch(/^Images are paused/);
    press(on, question, 'Make 3 images', bob);
    expect((await on.besides(/^Images are paused in this server/)).flags).toBe(MessageFlags.Ephemeral);
    expect(creates(on.jimmyAi)).toHaveLength(made);
  });

  test('make nothing that is not allowed any more, and open it for a change', async () => {
    const { bob } = on.discord.people;
    const prompt = `a wolf before the rule ${when}`;
    const old = await imagined(on, prompt, { user: bob });
    const question = await reply(ask({ prompt: `wolves ${when}, a wolf`, count: 3 }), /This makes 3 images/);
    await fillRules(on, await openRules(on), 'Blocked words', { words: 'wolf' });
    await pickRule(on, await openRules(on), 'maxResolution', '1k');
    await later();
    const again = await refused(press(on, old, 'Again', bob));
    expect(textOf(again)).toMatch(/doesn’t allow “wolf”/);
    expect(textOf(await refused(press(on, old, 'Redraw in 2K', bob)))).toMatch(/no more than 1K/);
    press(on, question, 'Make 3 images', bob);
    expect(labels(await on.besides(/doesn’t allow “wolf”/))).toEqual(['Edit prompt']);
    expect(createsOf(on.jimmyAi, prompt)).toHaveLength(1);
    const changed = await submit(on, press(on, again, 'Edit prompt', bob), { prompt: `a dog ${when}` });
    await image(changed);
  });
});

describe('when a person leaves out an option', () => {
  test('their default changes, and both the reply and /settings say so', async () => {
    const { bob } = on.discord.people;
    const settings = () => answer(on.discord.interact.command({ name: 'settings', user: bob }));
    const fields = { model: ['nano-banana-pro'], resolution: ['2k'] };
    await answer(await submit(on, press(on, await settings(), 'Change defaults', bob), fields));
    await pickRule(on, await openRules(on), 'models', 'nano-banana', 'gpt-image-2');
    await pickRule(on, await openRules(on), 'maxResolution', '1k');
    const shown = textOf(await settings());
    expect(shown).toContain('**Nano Banana Pro · Auto · 2K**');
    expect(shown).toContain('This server’s rules turn that into GPT Image 2 · Auto · 1K · Low.');
    const made = textOf(await image(ask({ prompt: 'a fox by default' })));
    expect(made).toContain('Your defaults were adapted to what this server allows.');
    expect(made).toContain('GPT Image 2 · Auto · 1K · Low');
    const chosen = textOf(
      await image(ask({ prompt: 'a fox by choice', model: 'nano-banana', resolution: '1k' })),
    );
    expect(chosen).not.toContain('adapted');
    press(on, await settings(), 'Reset', bob);
  });

  test('the first allowed model replaces the bot’s default', async () => {
    await pickRule(on, await openRules(on), 'models', 'nano-banana-2', 'nano-banana-pro');
    expect(textOf(await image(ask({ prompt: 'a fox of some model' })))).toContain(
      'Nano Banana 2 · Auto · 1K',
    );
  });
});

test('rules hold in their own server only: not in another one, and not in direct messages', async () => {
  const { bob } = on.discord.people;
  const other = on.discord.addServer('The gallery');
  await fillRules(on, await openRules(on), 'Pause', {});
  await image(ask({ prompt: 'a fox elsewhere' }, { channel: other.channel }));
  await image(ask({ prompt: 'a fox in private' }, { channel: on.discord.dm(bob) }));
});

test('people who use the bot as their own app obey a server’s rules, too', async () => {
  await fillRules(on, await openRules(on), 'Pause', {});
  const told = await refused(ask({ prompt: 'a fox of my own' }, { userInstalled: true }));
  expect(textOf(told)).toMatch(/^Images are paused in this server/);
});

interface Place {
  channel?: Channel;
  user?: Interaction['user'];
  locale?: string;
  userInstalled?: boolean;
}

/** As bob, who is a reporter, unless somebody else asks. */
function ask(options: Record<string, string | number>, place: Place = {}): Interaction {
  const by = { user: on.discord.people.bob, ...place };
  return on.discord.interact.command({ name: 'imagine', options, ...by });
}

/** The answer to what is refused: at once, and to this person alone. */
async function refused(asking: Interaction | Promise<Interaction>): Promise<Message> {
  const told = await answer(await asking);
  expect(told.flags).toBe(MessageFlags.Ephemeral);
  return told;
}
