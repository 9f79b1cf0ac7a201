import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Ledger } from '../../../../src/services/ledger/ledger.ts';
import { createTestLedger, failing, type TestLedger } from '../test-ledger.ts';

let stored: TestLedger;
let ledger: Ledger;

beforeEach(async () => {
  stored = await createTestLedger();
  ({ ledger } = stored);
});
afterEach(() => stored.remove());

test('a person’s finished generations are deleted with their files; others’ and unfinished ones stay', async () => {
  const finished = await generation({ userId: 'ann', file: 'ann-1.png' });
  const unfinished = await generation({ userId: 'ann', file: 'ann-2.png', settled: false });
  const other = await generation({ userId: 'bob', file: 'bob.png' });
  expect(await ledger.storedData.summary('ann')).toEqual({
    generations: 2,
    unfinished: 1,
    files: 2,
    since: 1000,
  });

  expect(await ledger.storedData.forget('ann')).toEqual({ generations: 1, files: ['ann-1.png'] });
  expect(await ledger.generations.find(finished)).toBeNull();
  expect(await ledger.storedData.idsOf('ann')).toEqual([unfinished]);
  expect(await ledger.generations.find(other)).not.toBeNull();
});

test('small pictures go with their generation, or before it where its reply is deleted', async () => {
  const [one, other] = [await withThumbnail(), await withThumbnail()];
  expect(await ledger.storedData.isUsed(`${one}.webp`)).toBe(true);
  expect(await ledger.generations.forgetThumbnails(one)).toEqual([`${one}.webp`]);
  expect(await ledger.storedData.isUsed(`${one}.webp`)).toBe(false);
  expect(await ledger.generations.forgetThumbnails(one)).toEqual([]);
  expect((await ledger.storedData.summary('ann')).files).toBe(1);
  expect(await ledger.storedData.forgetOne('bob', other)).toEqual({ generations: 0, files: [] });
  expect(await ledger.storedData.forgetOne('ann', other)).toEqual({
    generations: 1,
    files: [`${other}.webp`],
  });
  expect(await ledger.generations.find(other)).toBeNull();
  expect(await ledger.generations.find(one)).not.toBeNull();
});

test('one that is not finished can not be removed', async () => {
  const id = await stored.reserve({ userId: 'ann' });
  expect(await ledger.storedData.forgetOne('ann', id)).toEqual({ generations: 0, files: [] });
  expect(await ledger.generations.find(id)).not.toBeNull();
});

test('a file that a later generation uses, too, stays', async () => {
  await generation({ userId: 'ann', file: 'shared.png' });
  stored.now = 5_000;
  await generation({ userId: 'ann', file: 'shared.png', settled: false });
  expect(await ledger.storedData.forget('ann')).toEqual({ generations: 1, files: [] });
});

test('what is older than a time is deleted, unless it is unfinished', async () => {
  const old = await generation({ userId: 'ann', file: 'old.png' });
  const waiting = await generation({ userId: 'ann', settled: false });
  stored.now = 9_000;
  const young = await generation({ userId: 'ann' });
  expect(await ledger.storedData.forgetBefore(9_000)).toEqual({ generations: 1, files: ['old.png'] });
  expect(await ledger.generations.find(old)).toBeNull();
  expect(await ledger.storedData.idsOf('ann')).toEqual([waiting, young]);
});

test('recent generations come newest first, as many as asked for', async () => {
  const ids = [];
  for (let index = 0; index < 3; index += 1) ids.push(await generation({ userId: 'ann' }));
  const recent = await ledger.generations.recentOf('ann', 2);
  expect(recent.map(({ generation: { id } }) => id)).toEqual(ids.reverse().slice(0, 2));
});

test('what is not over stands before all that came after it, however many that is', async () => {
  const unfinished = await generation({ userId: 'ann', settled: false });
  const newest = await copyOften(await generation({ userId: 'ann' }), 1200);
  const recent = await ledger.generations.recentOf('ann', 2);
  expect(recent.map(({ generation: { id } }) => id)).toEqual([unfinished, newest]);
});

/** Writes so many more like this one; returns the id of the newest. */
async function copyOften(id: string, times: number): Promise<string> {
  const copies = `WITH RECURSIVE numbers (n) AS (SELECT 1001 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${1000 + times})
    SELECT 'f-' || n AS new_id, 'copied-' || n AS new_interaction, generations.* FROM numbers, generations WHERE id = '${id}'`;
  await stored.execute(`CREATE TEMP TABLE copies AS ${copies};
    UPDATE copies SET id = new_id, interaction_id = new_interaction;
    ALTER TABLE copies DROP COLUMN new_id;
    ALTER TABLE copies DROP COLUMN new_interaction;
    INSERT INTO generations SELECT * FROM copies;`);
  return `f-${1000 + times}`;
}

async function generation({
  userId,
  file = null,
  settled = true,
}: {
  userId: string;
  file?: string | null;
  settled?: boolean;
}) {
  const references = file ? [{ name: 'fox.png', source: 'discord' as const, url: null, file }] : [];
  const id = await stored.reserve({ userId, references });
  if (settled) await ledger.generations.settle(id, null, []);
  return id;
}

test('where a deletion fails half-way, the files of what is gone are not forgotten', async () => {
  const ids: string[] = [];
  for (let index = 0; index < 60; index += 1) {
    const references = [{ name: 'fox.png', source: 'discord' as const, url: null, file: `fox-${index}.png` }];
    ids.push(await stored.deliver({ userId: 'ann', references }));
  }
  await stored.execute(failing('DELETE ON generations', 'disk full', `old.id = '${ids[55]}'`));
  const { storedData } = stored.ledger;
  await expect(storedData.forget('ann')).rejects.toThrow('disk full');
  expect((await storedData.idsOf('ann')).length).toBeLessThan(60);
  await stored.execute({ sqlite: 'DROP TRIGGER failing', postgres: 'DROP TRIGGER failing ON generations' });
  const { files } = await storedData.goOnForgetting('ann');
  expect(files.toSorted()).toEqual(ids.map((_, index) => `fox-${index}.png`).toSorted());
});

test('a deletion that is asked for once more before it is over goes on to what came in between', async () => {
  await stored.deliver({ userId: 'ann' });
  const askedAgain = "UPDATE forgetting SET up_to = 'a later one'";
  await stored.execute({
    sqlite: `CREATE TRIGGER asked_again AFTER DELETE ON generations BEGIN ${askedAgain}; END`,
    postgres: `CREATE FUNCTION asked_again() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN ${askedAgain}; RETURN NULL; END $$;
      CREATE TRIGGER asked_again AFTER DELETE ON generations FOR EACH ROW EXECUTE FUNCTION asked_again()`,
  });
  await stored.ledger.storedData.forget('ann');
  expect(await stored.ledger.storedData.begun()).toEqual(['ann']);
});

async function withThumbnail(): Promise<string> {
  const id = await stored.deliver({ userId: 'ann', references: [] });
  const [task] = (await ledger.generations.find(id))?.tasks ?? [];
  if (!task) throw new Error('there is no task');
  await ledger.tasks.save('delivered', { ...task, thumbnailFile: `${id}.webp` });
  return id;
}
