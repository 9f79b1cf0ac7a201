import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Interaction } from '../../sandbox/discord/index.ts';
import type { RestFault } from '../../sandbox/discord/rest/faults.ts';
import {
  type BotOnSandbox,
  createsOf,
  image,
  reply,
  startBotOnSandbox,
  textOf,
  until,
} from '../support/bot-on-sandbox.ts';
import { imagine, imagineUnderWay, NEVER_BY_ITSELF, SLOW_ENOUGH_MS, stored } from '../support/generations.ts';

let on: BotOnSandbox;
let db: DatabaseSync;
beforeAll(async () => {
  on = await startBotOnSandbox({ jimmyAi: { speed: NEVER_BY_ITSELF }, env: { USER_RUNNING: '1' } });
  db = new DatabaseSync(on.databasePath, { timeout: 5000 });
});
afterAll(async () => {
  db.close();
  await on.close();
});

test('reserved: what another process took over is not begun here', async () => {
  const before = await imagineUnderWay(on, 'a fox in front');
  const waiting = imagine(on, 'a fox in line');
  await until(() => stored(on.databasePath, 'a fox in line')?.acknowledgedAt);
  const isLeftAlone = await takenOver('a fox in line', waiting);
  await on.advance(SLOW_ENOUGH_MS);
  await image(before);
  await isLeftAlone();
  expect(createsOf(on.jimmyAi, 'a fox in line')).toEqual([]);
});

test('submitting: what comes of the create is not written, and it is not sent again', async () => {
  // Between the create and its answer. Earlier, the bot could notice, and rightly not send it.
  on.jimmyAi.on('task', ({ request }) => {
    if (request.prompt === 'a fox under way') take(request.prompt);
  });
  const sent = imagine(on, 'a fox under way');
  await until(() => createsOf(on.jimmyAi, 'a fox under way').length === 1);
  // The edit that says that it is being sent may still be on its way.
  const isLeftAlone = await takenOver('a fox under way', sent, /./);
  await isLeftAlone();
  expect(stored(on.databasePath, 'a fox under way')?.state).toBe('submitting');
  expect(createsOf(on.jimmyAi, 'a fox under way')).toHaveLength(1);
});

test('running: its image is not shown here', async () => {
  const running = await imagineUnderWay(on, 'a running fox');
  const isLeftAlone = await takenOver('a running fox', running);
  await isLeftAlone();
});

test.each<[string, Partial<RestFault>]>([
  ['fails', { status: 500 }],
  ['applies late', {}],
  ['applies late, and whose answer is lost', { drop: true, afterApplying: true }],
])(
  'running: after an edit that Discord %s, the last word of the other process is shown again',
  async (how, fault) => {
    const prompt = `a fox whose edit Discord ${how}`;
    const running = await imagineUnderWay(on, prompt);
    const [underWay, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    on.discord.faults.rest({
      ...fault,
      method: 'PATCH',
      route: new RegExp(running.token),
      until() {
        underWay.resolve();
        return goOn.promise;
      },
    });
    await underWay.promise;
    db.prepare(
      `UPDATE tasks SET state = 'expired', reason = 'deadline', ended_at = 1
     WHERE generation_id = (SELECT id FROM generations WHERE prompt = ?)`,
    ).run(prompt);
    const isLeftAlone = await takenOver(prompt, running, /took too long/);
    goOn.resolve();
    await reply(running, /took too long/);
    await isLeftAlone();
  },
);

test('completed: an image that could not be delivered before is not delivered after', async () => {
  const finished = await imagineUnderWay(on, 'a finished fox');
  const always = { status: 503, times: Number.POSITIVE_INFINITY };
  const heal = on.discord.faults.rest({ method: 'PATCH', route: new RegExp(finished.token), ...always });
  await on.advance(SLOW_ENOUGH_MS);
  await until(() => stored(on.databasePath, 'a finished fox')?.imageFile);
  const isLeftAlone = await takenOver('a finished fox', finished);
  heal();
  await isLeftAlone();
});

/** Another process serves the generation from now on, and settles it in its own way. */
function take(prompt: string): void {
  db.prepare("UPDATE generations SET lease_owner = 'another', settled_at = 1 WHERE prompt = ?").run(prompt);
}

/** Resolves once the bot knows that another process took it over. The function returned lets time pass, and checks that the bot left it alone. */
async function takenOver(
  prompt: string,
  interaction: Interaction,
  lastWord?: RegExp,
): Promise<() => Promise<void>> {
  take(prompt);
  const sql = 'SELECT * FROM generations JOIN tasks ON generation_id = generations.id WHERE prompt = ?';
  const rows = () => db.prepare(sql).all(prompt);
  const before = rows();
  await until(() =>
    on.bot().log.some(({ msg, generation }) => msg === LEFT && generation === before[0]?.generation_id),
  );
  const versions = interaction.history.length;
  return async () => {
    const after = await imagineUnderWay(on, `${prompt}, and one after it`);
    await on.advance(SLOW_ENOUGH_MS);
    await image(after);
    expect(rows()).toEqual(before);
    if (lastWord) expect(textOf(await reply(interaction, /./))).toMatch(lastWord);
    else expect(interaction.history).toHaveLength(versions);
  };
}

const LEFT = 'another process may serve the generation by now';
