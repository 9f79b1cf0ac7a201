import { MessageFlags } from 'discord.js';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Channel, Interaction, Message } from '../../sandbox/discord/index.ts';
import { MODEL_IDS } from '../../src/services/request/models.ts';
import { call } from '../sandbox/discord/api.ts';
import { type BotOnSandbox, image, startBotOnSandbox, textOf, until } from '../support/bot-on-sandbox.ts';
import { labels, press, submit } from '../support/buttons.ts';
import { exportedData } from '../support/exported-data.ts';
import { restart } from '../support/generations.ts';
import { answer, fillRules, openRules, pickRule, resetRules, roleNamed } from '../support/rules.ts';

const NOTHING = [
  '**Models:** all',
  '**Highest resolution:** no limit',
  '**Highest quality:** no limit',
  '**Tools switched off:** none',
  '',
  '**Roles without access:** none',
  '**Channels:** everywhere',
  '**Blocked words:** none',
  '',
  '**Limits per member:** 3 at once, 10 waiting, any number of images in 24 hours',
  '**Limits of the server:** none',
  '**Roles exempt from limits:** none',
].join('\n');

let on: BotOnSandbox;
beforeAll(async () => {
  on = await startBotOnSandbox({ env: { USER_RUNNING: '3', USER_WAITING: '10' } });
});
afterAll(() => on.close());

test('the command is offered in servers, to those who manage them', () => {
  const { alice, bob } = on.discord.people;
  const offered = (act: object) => on.discord.interact.offered(act).map(({ name }) => name);
  expect(offered({ user: alice })).toContain('imagine-admin');
  expect(offered({ user: bob })).not.toContain('imagine-admin');
  expect(offered({ user: alice, channel: on.discord.dm(alice) })).not.toContain('imagine-admin');
  expect(offered({ user: alice, userInstalled: true })).not.toContain('imagine-admin');
});

describe.each(['in the same process', 'after a restart'])('%s', (when) => {
  const later = async () => {
    if (when === 'after a restart') await restart(on);
  };
  /** Opened before the restart; each test uses up one. */
  const panels: Message[] = [];
  beforeAll(async () => {
    while (panels.length < 5) panels.push(await openRules(on));
    await later();
  });
  afterEach(() => resetRules(on));

  function openedBefore(): Message {
    const panel = panels.pop();
    if (!panel) throw new Error('too few were opened');
    return panel;
  }

  test('only the admin sees the rules, which are empty at first', async () => {
    const panel = await openRules(on);
    expect(panel.flags).toBe(MessageFlags.Ephemeral);
    expect(textOf(panel)).toBe(`Rules for /imagine in this server\n${NOTHING}`);
  });

  test('allowed models and qualities are picked in menus', async () => {
    const panel = openedBefore();
    await pickRule(on, panel, 'models', 'nano-banana', 'nano-banana-pro');
    await pickRule(on, panel, 'maxResolution', '2k');
    const menus = await pickRule(on, panel, 'maxQuality', 'medium');
    await later();
    const shown = textOf(await answer(press(on, menus, 'Back')));
    expect(shown).toContain('**Models:** Nano Banana, Nano Banana Pro\n');
    expect(shown).toContain('**Highest resolution:** 2K\n**Highest quality:** Medium\n');
    await pickRule(on, menus, 'maxResolution', 'any');
    const free = textOf(await pickRule(on, menus, 'models', ...MODEL_IDS));
    expect(free).toContain('**Models:** all');
    expect(free).toContain('**Highest resolution:** no limit');
  });

  test('allowed roles and channels are picked in menus', async () => {
    const reporter = roleNamed(on, 'Reporter');
    const moderator = roleNamed(on, 'Moderator');
    const { channel, otherChannel } = on.discord;
    const panel = openedBefore();
    await pickRule(on, panel, 'refusedRoles', reporter);
    await pickRule(on, panel, 'exemptRoles', moderator);
    const menus = await pickRule(on, panel, 'channels', channel.id, otherChannel.id);
    const shown = textOf(menus);
    expect(shown).toContain(`1. **Roles without access:** <@&${reporter}>`);
    expect(shown).toContain(`2. **Roles exempt from limits:** <@&${moderator}>`);
    expect(shown).toContain(`3. **Channels:** <#${channel.id}>, <#${otherChannel.id}>`);
    expect(textOf(await pickRule(on, menus, 'channels'))).toContain('**Channels:** everywhere');
  });

  test('limits are entered in forms, and are never wider than the host’s', async () => {
    const panel = openedBefore();
    await fillRules(on, panel, 'Member limits', { memberRunning: '20', memberPerDay: '50' });
    const shown = await fillRules(on, panel, 'Server limits', { serverWaiting: '40' });
    expect(textOf(shown)).toContain('**Limits per member:** 3 at once, 10 waiting, 50 images in 24 hours');
    expect(textOf(shown)).toContain('any number at once, 40 waiting, any number of images in 24 hours');
  });

  test('a limit that is no whole number is refused with what would be one, and nothing changes', async () => {
    for (const memberPerDay of ['0', 'many', '-3', '1.5']) {
      const panel = await openRules(on);
      const refused = await fillRules(on, panel, 'Member limits', { memberRunning: '1', memberPerDay });
      expect(textOf(refused)).toMatch(/whole number from 1, such as 5/);
    }
    expect(textOf(await openRules(on))).toContain(NOTHING);
  });

  test('blocked words are entered in a form, each on a line', async () => {
    const panel = openedBefore();
    const shown = await fillRules(on, panel, 'Blocked words', { words: 'wolf\nBear, Wolf\n*stars*' });
    expect(textOf(shown)).toContain('**Blocked words:** wolf, Bear, \\*stars\\*');
    const { modal } = await press(on, panel, 'Blocked words').response();
    expect(JSON.stringify(modal)).toContain('"value":"wolf\\nBear\\n*stars*"');
  });

  test('it is paused with a reason, and continues by a button', async () => {
    const panel = openedBefore();
    const paused = await fillRules(on, panel, 'Pause', { reason: 'Back on Monday.' });
    expect(textOf(paused)).toContain('⏸️ **Paused:** Back on Monday.');
    expect(labels(paused)).not.toContain('Pause');
    expect(textOf(await answer(press(on, paused, 'Resume')))).not.toContain('Paused');
  });

  test('every change is in the list, with who made it when and from what to what', async () => {
    const before = await openRules(on);
    const menus = await pickRule(on, before, 'maxResolution', '1k');
    await pickRule(on, menus, 'maxResolution', '2k');
    await fillRules(on, await answer(press(on, menus, 'Back')), 'Blocked words', { words: 'wolf' });
    await later();
    const panel = await openRules(on);
    const list = await answer(press(on, panel, 'Changes'));
    const who = `-# <t:\\d+:R> · <@${on.discord.people.alice.id}>`;
    expect(textOf(list)).toMatch(
      new RegExp(
        [
          '\\*\\*Blocked words:\\*\\* 0 → 1: wolf',
          who,
          '\\*\\*Highest resolution:\\*\\* 1K → 2K',
          who,
          '\\*\\*Highest resolution:\\*\\* no limit → 1K',
          who,
        ].join('\n'),
      ),
    );
    expect(labels(list)).toContain('Back');
  });

  test('everything except the list is reset after a question', async () => {
    const panel = await openRules(on);
    await pickRule(on, panel, 'maxQuality', 'low');
    await fillRules(on, await openRules(on), 'Pause', {});
    const shown = await resetRules(on);
    expect(textOf(shown)).toContain(NOTHING);
    const list = textOf(await answer(press(on, shown, 'Changes')));
    expect(list).toContain('**Paused:** yes → no');
    expect(list).toContain('**Highest quality:** Low → no limit');
  });
});

test('the list has pages', async () => {
  const panel = await openRules(on);
  for (const limit of ['1', '2', '3', '4', '5', '6', '7', '8', '9'])
    await fillRules(on, panel, 'Server limits', { serverRunning: limit });
  const first = await answer(press(on, panel, 'Changes'));
  expect(textOf(first)).toMatch(/8 → 9[\s\S]*Page 1 of \d/);
  const second = await answer(press(on, first, 'Older'));
  expect(textOf(second)).toMatch(/the bot’s default → 1[\s\S]*Page 2 of \d/);
  expect(textOf(await answer(press(on, second, 'Newer')))).toContain('8 → 9');
  await resetRules(on);
});

test('two admins with the same form open keep each other’s changes', async () => {
  const [mine, theirs] = [await openRules(on), await openRules(on)];
  const [first, second] = [press(on, mine, 'Member limits'), press(on, theirs, 'Member limits')];
  await Promise.all([first.response(), second.response()]);
  await answer(await submit(on, first, { memberRunning: '2' }));
  const shown = textOf(await answer(await submit(on, second, { memberPerDay: '7' })));
  expect(shown).toContain('**Limits per member:** 2 at once, 10 waiting, 7 images in 24 hours');
  await resetRules(on);
});

test('two admins with the blocked words open keep each other’s new words', async () => {
  const [mine, theirs] = [await openRules(on), await openRules(on)];
  const forms = [mine, theirs, mine].map((panel) => press(on, panel, 'Blocked words'));
  await Promise.all(forms.map((form) => form.response()));
  const send = async (form: Interaction, words: string) =>
    textOf(await answer(await submit(on, form, { words })));
  const [first, second, untouched] = forms as [Interaction, Interaction, Interaction];
  expect(await send(first, 'wolf')).toContain('**Blocked words:** wolf\n');
  expect(await send(second, 'bear')).toContain('**Blocked words:** wolf, bear\n');
  expect(await send(untouched, '')).toContain('**Blocked words:** wolf, bear\n');
  // Whoever has seen a word may take it off.
  expect(textOf(await fillRules(on, mine, 'Blocked words', { words: 'bear' }))).toContain(
    '**Blocked words:** bear\n',
  );
  await resetRules(on);
});

describe('nobody changes rules without the permission', () => {
  const REFUSED = /Only people who may manage this server/;
  const COMPONENTS = [
    { type: 1, components: [{ type: 2, style: 2, label: 'Models & sizes', custom_id: 'rules:images' }] },
    {
      type: 1,
      components: [{ type: 3, custom_id: 'rule:maxResolution', options: [{ label: '1K', value: '1k' }] }],
    },
    {
      type: 1,
      components: [
        { type: 2, style: 2, label: 'Pause', custom_id: 'pause' },
        { type: 2, style: 2, label: 'Blocked words', custom_id: 'words' },
        { type: 2, style: 2, label: 'Limits', custom_id: 'limits:member' },
        { type: 2, style: 2, label: 'Resume', custom_id: 'resume' },
        { type: 2, style: 2, label: 'Changes', custom_id: 'rule-changes:1' },
      ],
    },
    {
      type: 1,
      components: [
        { type: 2, style: 2, label: 'Reset', custom_id: 'reset-rules' },
        { type: 2, style: 2, label: 'Yes', custom_id: 'reset-rules-now' },
      ],
    },
  ];

  /** A message of the bot with components that somebody has forged. */
  async function forged({ id }: Channel, content: string): Promise<Message> {
    const body = { content, components: COMPONENTS };
    await call(on.discord, 'POST', `/channels/${id}/messages`, body);
    return on.besides(new RegExp(`^${content}$`));
  }

  async function expectAllRefused(message: Message, act: object): Promise<void> {
    const { interact } = on.discord;
    for (const customId of COMPONENTS.flatMap((row) => row.components.map((part) => part.custom_id))) {
      const used = customId.startsWith('rule:')
        ? interact.select({ message, customId, values: ['1k'], ...act })
        : interact.click({ message, customId, ...act });
      const told = await answer(used);
      expect(textOf(told), customId).toMatch(REFUSED);
      expect(told.flags).toBe(MessageFlags.Ephemeral);
    }
  }

  test('a person who never had it changes nothing by forged components', async () => {
    await fillRules(on, await openRules(on), 'Pause', { reason: 'mine' });
    await expectAllRefused(await forged(on.discord.channel, 'forged'), { user: on.discord.people.bob });
    expect(textOf(await openRules(on))).toContain('**Paused:** mine');
    await resetRules(on);
  });

  test('a person who has lost it changes nothing with menus and forms from before', async () => {
    const panel = await openRules(on);
    const menus = await answer(press(on, await openRules(on), 'Models & sizes'));
    const form = press(on, panel, 'Blocked words');
    await form.response();
    const restore = on.discord.faults.setRoles(on.discord.people.alice, []);
    expect(textOf(await answer(await submit(on, form, { words: 'wolf' })))).toMatch(REFUSED);
    expect(textOf(await pickRule(on, menus, 'models', 'nano-banana'))).toMatch(REFUSED);
    expect(textOf(await answer(press(on, panel, 'Pause')))).toMatch(REFUSED);
    restore();
    expect(textOf(await openRules(on))).toContain(NOTHING);
  });

  test('a person who manages another server changes nothing there or here', async () => {
    const { elsewhere, people } = on.discord;
    const used = on.discord.interact.command({
      name: 'jobs',
      channel: elsewhere,
      user: people.alice,
    });
    await used.response();
    const path = `/webhooks/${on.discord.applicationId}/${used.token}`;
    await call(on.discord, 'POST', path, { content: 'forged elsewhere', components: COMPONENTS });
    await expectAllRefused(await on.besides(/^forged elsewhere$/), { user: people.alice });
    expect(textOf(await openRules(on))).toContain(NOTHING);
  });

  test('in direct messages there is nothing to change', async () => {
    const dm = on.discord.dm(on.discord.people.alice);
    await expectAllRefused(await forged(dm, 'forged in a direct message'), { user: on.discord.people.alice });
  });
});

test('/privacy tells an admin of the changes that they made, and keeps them in the list', async () => {
  const { alice } = on.discord.people;
  const panel = await openRules(on);
  await pickRule(on, panel, 'maxQuality', 'low');
  const privacy = await answer(on.discord.interact.command({ name: 'privacy', user: alice }));
  expect(textOf(privacy)).toMatch(
    /Changes to server rules\*\*\n\d+ changes? of yours, each kept for 30 days/,
  );
  const exported = await image(press(on, privacy, 'Export as JSON'));
  const data = await exportedData(exported);
  expect(data).toMatchObject({
    ruleChanges: expect.arrayContaining([expect.objectContaining({ to: 'low' })]),
  });
  const asked = await answer(press(on, privacy, 'Delete everything'));
  const deleted = press(on, asked, 'Yes, delete everything');
  await until(() => /^Deleted/.test(textOf(deleted.message() ?? asked)));
  const list = await answer(press(on, await openRules(on), 'Changes'));
  expect(textOf(list)).toContain(`<@${alice.id}>`);
  await resetRules(on);
});

test('it speaks the admin’s language', async () => {
  const panel = await answer(on.discord.interact.command({ name: 'imagine-admin', locale: 'zh-CN' }));
  expect(textOf(panel)).toContain('此服务器的 /imagine 规则\n**模型：** 全部');
  expect(labels(panel)).toContain('身份组与频道');
});
