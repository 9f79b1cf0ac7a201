import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Interaction } from '../../sandbox/discord/index.ts';
import { type BotOnSandbox, createsOf, image, startBotOnSandbox, until } from '../support/bot-on-sandbox.ts';
import { finishImages, imagine, imagineUnderWay, stored } from '../support/generations.ts';

/** Another process serves the generation from now on, and settles it in its own way. */
const TAKEN = "UPDATE generations SET lease_owner = 'another', settled_at = 1";

let on: BotOnSandbox;
let db: DatabaseSync;
beforeAll(async () => {
  on = await startBotOnSandbox({ jimmyAi: { speed: 1 }, env: { USER_RUNNING: '1' } });
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
  await finishImages(on);
  await image(before);
  await isLeftAlone();
  expect(createsOf(on.jimmyAi, 'a fox in line')).toEqual([]);
});

test('submitting: what comes of the create is not written, and it is not sent again', async () => {
  db.exec(`CREATE TRIGGER taken AFTER UPDATE OF state ON tasks WHEN new.state = 'submitting'
           BEGIN ${TAKEN} WHERE id = new.generation_id; END`);
  const sent = imagine(on, 'a fox under way');
  await until(() => createsOf(on.jimmyAi, 'a fox under way').length === 1);
  db.exec('DROP TRIGGER taken');
  const isLeftAlone = await takenOver('a fox under way', sent);
  await isLeftAlone();
  expect(stored(on.databasePath, 'a fox under way')?.state).toBe('submitting');
  expect(createsOf(on.jimmyAi, 'a fox under way')).toHaveLength(1);
});

test('running: its image is not shown here', async () => {
  const running = await imagineUnderWay(on, 'a running fox');
  const isLeftAlone = await takenOver('a running fox', running);
  await isLeftAlone();
});

test('running: an edit that Discord fails is not repeated here', async () => {
  const running = await imagineUnderWay(on, 'a fox whose edit fails');
  const [underWay, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  on.discord.faults.rest({
    method: 'PATCH',
    route: new RegExp(running.token),
    status: 500,
    until() {
      underWay.resolve();
      return answer.promise;
    },
  });
  await underWay.promise;
  const isLeftAlone = await takenOver('a fox whose edit fails', running);
  answer.resolve();
  await isLeftAlone();
});

test('completed: an image that could not be delivered before is not delivered after', async () => {
  const finished = await imagineUnderWay(on, 'a finished fox');
  const always = { status: 503, times: Number.POSITIVE_INFINITY };
  const heal = on.discord.faults.rest({ method: 'PATCH', route: new RegExp(finished.token), ...always });
  await finishImages(on);
  await until(() => stored(on.databasePath, 'a finished fox')?.imageFile);
  const isLeftAlone = await takenOver('a finished fox', finished);
  heal();
  await isLeftAlone();
});

/** Resolves once the bot knows that another process took it over. The function returned lets time pass, and checks that the bot left it alone. */
async function takenOver(prompt: string, interaction: Interaction): Promise<() => Promise<void>> {
  db.prepare(`${TAKEN} WHERE prompt = ?`).run(prompt);
  const sql = 'SELECT * FROM generations JOIN tasks ON generation_id = generations.id WHERE prompt = ?';
  const rows = () => db.prepare(sql).all(prompt);
  const before = rows();
  await until(() =>
    on.bot().log.some(({ msg, generation }) => msg === LEFT && generation === before[0]?.generation_id),
  );
  const versions = interaction.history.length;
  return async () => {
    const after = await imagineUnderWay(on, `${prompt}, and one after it`);
    await finishImages(on);
    await image(after);
    expect(rows()).toEqual(before);
    expect(interaction.history).toHaveLength(versions);
  };
}

const LEFT = 'another process may serve the generation by now';
