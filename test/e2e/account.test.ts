import { MessageFlags } from 'discord.js';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Message } from '../../sandbox/discord/index.ts';
import {
  type BotOnSandbox,
  creates,
  createsOf,
  image,
  reply,
  startBotOnSandbox,
  textOf,
  until,
} from '../support/bot-on-sandbox.ts';
import { press, submit } from '../support/buttons.ts';
import { imagine, restart, stored } from '../support/generations.ts';

const WRONG_KEY = { JIMMYAI_API_KEY: 'no-longer-valid' };
const MINUTE_MS = 60_000;
/** Failures that come sooner after one another count as one. */
const HALF_A_MINUTE_MS = 30_000;
/** After this long without trouble, one request may try, or the owner hears that it is over. */
const FIVE_MINUTES_MS = 5 * MINUTE_MS;

let on: BotOnSandbox;

describe('a bot whose account gets into trouble and out of it again', () => {
  beforeAll(async () => {
    on = await startBotOnSandbox({ env: { CONFIRM_ABOVE: '4' } });
  });
  // That no other message was written than those that were waited for is checked here.
  afterAll(() => on.close());

  test('once the credit is gone requests are refused, and served after it was topped up', async () => {
    on.jimmyAi.balance.coins = 0;
    await reply(imagine(on, 'a poor fox'), /out of credit/);
    await on.besides(/credit is gone/);
    await refusedAtOnce('a hungry fox');
    const acceptsAgain = nextTime('the service accepts requests again');
    on.jimmyAi.balance.coins = 1000;
    await on.advance(MINUTE_MS);
    await acceptsAgain();
    await image(imagine(on, 'a rich fox'));
    await on.advance(FIVE_MINUTES_MS);
    await on.besides(/has credit again/);
  });

  test('a single failure that the balance does not confirm refuses nobody, and the owner hears nothing', async () => {
    const asked = balanceQueries();
    const told = toldOlivia();
    on.jimmyAi.misbehave({ kind: 'out-of-credit', at: 'create' });
    const stumbled = await reply(imagine(on, 'a stumbling fox'), /out of credit/);
    expect(textOf(stumbled)).toMatch(/Nothing was charged.*> 余额不足/s);
    await until(() => balanceQueries() >= asked + 2);
    await image(imagine(on, 'a walking fox'));
    expect(toldOlivia()).toEqual(told);
  });

  test('a key that is refused again and again is believed to be, whatever the balance says', async () => {
    const asked = balanceQueries();
    const refusal = { kind: 'error-code', at: 'create', code: '20001', msg: 'invalid api key' } as const;
    for (const number of [1, 2, 3]) {
      on.jimmyAi.misbehave(refusal);
      const message = await reply(imagine(on, `a fox refused ${number}`), /Nothing was charged/);
      expect(textOf(message)).toMatch(/refused the bot’s key.*Nothing was charged.*> invalid api key/s);
      await until(() => balanceQueries() >= asked + 2);
      await on.advance(HALF_A_MINUTE_MS);
    }
    await on.besides(/refuses the bot’s key/);
    await refusedAtOnce('a fox too many');
    await mended(/accepts the bot’s key again/);
  });

  test('four images that the last coins do not pay for shut nobody out, and the owner hears nothing', async () => {
    const asked = balanceQueries();
    const told = toldOlivia();
    for (const _ of [1, 2, 3, 4]) on.jimmyAi.misbehave({ kind: 'out-of-credit', at: 'create' });
    await reply(imagine(on, 'four dear foxes', { count: 4 }), /out of credit/);
    await until(() => balanceQueries() >= asked + 2);
    await image(imagine(on, 'a cheap fox'));
    expect(toldOlivia()).toEqual(told);
  });

  test('a button of an older image is refused, too, while nothing can be served', async () => {
    const interaction = imagine(on, 'an older fox');
    const message = await image(interaction);
    await until(() => stored(on.databasePath, 'an older fox')?.settledAt);
    on.jimmyAi.balance.coins = 0;
    await reply(imagine(on, 'another poor fox'), /out of credit/);
    await on.besides(/credit is gone/);
    const before = creates(on.jimmyAi).length;
    const again = on.discord.interact.click({ message, customId: againOf(message) });
    const { message: refusal } = await again.response();
    expect(refusal && textOf(refusal)).toMatch(/out of credit at the moment/);
    expect(creates(on.jimmyAi)).toHaveLength(before);
    await mended(/has credit again/);
  });

  test('a form that is submitted when the credit is used up keeps its text', async () => {
    const message = await image(imagine(on, 'an earlier fox'));
    await until(() => stored(on.databasePath, 'an earlier fox')?.settledAt);
    const opened = press(on, message, 'Edit prompt');
    await opened.response();
    on.jimmyAi.balance.coins = 0;
    await reply(imagine(on, 'a third poor fox'), /out of credit/);
    await on.besides(/credit is gone/);
    const submitted = await submit(on, opened, { prompt: 'a long story about a fox' });
    const { message: told } = await submitted.response();
    if (!told) throw new Error('there was no answer');
    expect(textOf(told)).toMatch(/out of credit at the moment/);
    const acceptsAgain = nextTime('the service accepts requests again');
    on.jimmyAi.balance.coins = 1000;
    await on.advance(MINUTE_MS);
    await acceptsAgain();
    await image(await submit(on, press(on, told, 'Edit prompt'), {}));
    expect(createsOf(on.jimmyAi, 'a long story about a fox')).toHaveLength(1);
    await on.advance(FIVE_MINUTES_MS);
    await on.besides(/has credit again/);
  });
});

test('ten requests that fail of a refused key, and a restart, make one message to the owner; then none is sent', async () => {
  await startWith(WRONG_KEY);
  const { alice, bob, carol } = on.discord.people;
  const failing = Array.from({ length: 10 }, (_, index) =>
    imagine(on, `a locked out fox ${index}`, { user: [alice, bob, carol][index % 3] ?? alice }),
  );
  // Those that come to their turn after the first one failed wait instead.
  await Promise.all(failing.map((interaction) => reply(interaction, /refuse[sd] the bot’s key/)));
  const warning = await on.besides(/refuses the bot’s key.*JIMMYAI_API_KEY/);
  expect(warning.channel_id).toBe(on.discord.dm(on.discord.people.olivia).id);
  expect(await refusedAtOnce('a late fox')).toMatch(/Nothing was charged. The bot’s operator has been told/);

  const before = creates(on.jimmyAi).length;
  await restart(on, WRONG_KEY);
  await until(() => on.bot().log.some(({ msg }) => msg === 'the balance could not be queried'));
  // It tries, unless one that waits from before does: then it is refused.
  await reply(imagine(on, 'a trying fox'), /refuses the bot’s key at the moment/);
  await until(() => creates(on.jimmyAi).length === before + 1);
  await refusedAtOnce('a later fox');

  // Whoever mends it restarts the bot; the one that tried finds out.
  await restart(on);
  await until(() => on.bot().log.some(({ msg }) => msg === 'the service accepts requests again'));
  await image(imagine(on, 'a free fox'));
  await image(imagine(on, 'another free fox'));
  await on.advance(FIVE_MINUTES_MS);
  await on.besides(/accepts the bot’s key again/);
});

test('the owner is told once when the balance falls under the set amount, in the language that they use', async () => {
  await startWith();
  on.jimmyAi.balance.coins = 600;
  const { olivia } = on.discord.people;
  await on.start({ BALANCE_WARNING: '500' });
  await image(imagine(on, 'a Chinese fox', { user: olivia, locale: 'zh-CN' }));
  on.jimmyAi.balance.coins = 400;
  await on.advance(10 * MINUTE_MS);
  expect(textOf(await on.besides(/余额偏低/))).toContain('399.97 币');
  await restart(on, { BALANCE_WARNING: '500' });
  await image(imagine(on, 'a thrifty fox'));
});

test('a team hears of trouble by its owner, or by the next member who takes direct messages', async () => {
  await startWith();
  const { olivia, alice, bob, carol } = on.discord.people;
  on.discord.handOverTo({ owner: bob, members: [alice], invited: [carol] });
  on.discord.faults.closeDirectMessages(bob);
  await on.start(WRONG_KEY);
  await reply(imagine(on, 'a locked out fox', { user: carol }), /refused the bot’s key/);
  const warning = await on.besides(/refuses the bot’s key/);
  expect(warning.channel_id).toBe(on.discord.dm(alice).id);
  expect(on.discord.messages(on.discord.dm(olivia).id)).toEqual([]);
});

/** Starts a bot of the test's own; without an environment, the test starts it. */
async function startWith(env?: Record<string, string>): Promise<void> {
  on = await startBotOnSandbox({ started: false });
  onTestFinished(() => on.close());
  if (env) await on.start(env);
}

/** Ends the trouble, as one request finds out, and waits until the owner hears of it. */
async function mended(news: RegExp): Promise<void> {
  on.jimmyAi.balance.coins = 1000;
  await on.advance(FIVE_MINUTES_MS);
  await image(imagine(on, 'a trying fox'));
  await on.advance(FIVE_MINUTES_MS);
  await on.besides(news);
}

/** Waits until the bot logs this once more than before. */
function nextTime(line: string): () => Promise<unknown> {
  const times = () => on.bot().log.filter(({ msg }) => msg === line).length;
  const before = times();
  return () => until(() => times() > before);
}

function balanceQueries(): number {
  return on.bot().log.filter(({ call }) => call === 'balance').length;
}

function toldOlivia(): Message[] {
  return on.discord.messages(on.discord.dm(on.discord.people.olivia).id);
}

/** The answer to a person who is refused before anything is written or sent. */
async function refusedAtOnce(prompt: string): Promise<string> {
  const before = creates(on.jimmyAi).length;
  const { message } = await imagine(on, prompt).response();
  expect((message?.flags ?? 0) & MessageFlags.Ephemeral).not.toBe(0);
  expect(message && textOf(message)).toMatch(/at the moment, so nothing was started/);
  expect(stored(on.databasePath, prompt)).toBeUndefined();
  expect(creates(on.jimmyAi)).toHaveLength(before);
  return message ? textOf(message) : '';
}

function againOf({ components = [] }: { components?: readonly object[] }): string {
  const [, id = ''] = /"custom_id":"(again:[^"]+)"/.exec(JSON.stringify(components)) ?? [];
  return id;
}
