import { DatabaseSync } from 'node:sqlite';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { createGroupCommit } from '../../../../src/services/ledger/sqlite/group-commit.ts';
import type { LogSync } from '../../../../src/services/ledger/sqlite/log-sync.ts';

test('what is written in the same turn is committed once, and everyone gets their own result', async () => {
  const { db, write, insert } = opened();
  const exec = vi.spyOn(db, 'exec');
  expect(await Promise.all(['a', 'b', 'c'].map((name) => write(() => insert(name))))).toEqual([1, 2, 3]);
  expect(exec.mock.calls.flat()).toEqual(['BEGIN IMMEDIATE', 'COMMIT']);
});

test('what fails fails for whoever wrote it, and undoes all of its own work and nothing else', async () => {
  const { write, insert, names } = opened();
  const results = await Promise.allSettled([
    write(() => insert('a')),
    write(() => [insert('b'), insert('a')]),
    write(() => insert('c')),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(names()).toEqual(['a', 'c']);
});

test('where nothing can be written everyone hears of it', async () => {
  const { db, write, insert } = opened();
  db.exec('PRAGMA query_only = ON');
  const results = await Promise.allSettled([write(() => insert('a')), write(() => insert('b'))]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

test('what waits can be written at once, before the file is closed', async () => {
  const { db, write, insert, flush } = opened();
  const written = write(() => insert('a'));
  flush();
  db.close();
  expect(await written).toBe(1);
});

test('what takes longer than a moment is cut into several commits, between which others have their turn', async () => {
  let elapsed = 0;
  const { db, write, insert, names } = opened(() => elapsed);
  const exec = vi.spyOn(db, 'exec');
  const slow = ['a', 'b', 'c', 'd', 'e'].map((name) =>
    write(() => {
      elapsed += 10;
      return insert(name);
    }),
  );
  await slow[0];
  expect(names()).toEqual(['a', 'b']);
  expect(await Promise.all(slow)).toEqual([1, 2, 3, 4, 5]);
  expect(exec.mock.calls.flat().filter((sql) => sql === 'COMMIT')).toHaveLength(3);
});

test('what waits behind a group that failed is written together again', async () => {
  const { db, write, insert, names } = opened();
  const exec = vi.spyOn(db, 'exec');
  const results = await Promise.allSettled(
    ['a', 'a', 'b', 'c', 'd'].map((name) => write(() => insert(name))),
  );
  expect(results.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
    'fulfilled',
  ]);
  expect(names()).toEqual(['a', 'b', 'c', 'd']);
  expect(exec.mock.calls.flat().filter((sql) => sql === 'COMMIT')).toHaveLength(2);
});

test('nobody hears of a write before it is on disk, and those that come meanwhile go there together', async () => {
  const syncs: PromiseWithResolvers<void>[] = [];
  const { write, insert, names } = opened(undefined, {
    sync() {
      const sync = Promise.withResolvers<void>();
      syncs.push(sync);
      return sync.promise;
    },
    syncNow: () => undefined,
  });
  const heard: number[] = [];
  const first = write(() => insert('a')).then((id) => heard.push(id));
  while (syncs.length === 0) await turn();
  const others = ['b', 'c'].map((name) => write(() => insert(name)).then((id) => heard.push(id)));
  while (names().length < 3) await turn();
  expect(heard).toEqual([]);
  syncs[0]?.resolve();
  await first;
  expect(heard).toEqual([1]);
  while (syncs.length === 1) await turn();
  syncs[1]?.resolve();
  await Promise.all(others);
  expect(syncs).toHaveLength(2);
});

test('where the disk fails everyone whose write may be lost hears of it, and the next one is written', async () => {
  let fails = true;
  const { write, insert } = opened(undefined, {
    async sync() {
      if (fails) throw new Error('EIO: i/o error');
    },
    syncNow: () => undefined,
  });
  await expect(write(() => insert('a'))).rejects.toThrow('EIO');
  fails = false;
  expect(await write(() => insert('b'))).toBe(2);
});

function opened(elapsed?: () => number, disk?: Pick<LogSync, 'sync' | 'syncNow'>) {
  const db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE names (name TEXT UNIQUE)');
  const statement = db.prepare('INSERT INTO names VALUES (?)');
  return {
    ...createGroupCommit(db, { elapsed, ...(disk && { disk }) }),
    db,
    insert: (name: string) => Number(statement.run(name).lastInsertRowid),
    names: () =>
      db
        .prepare('SELECT name FROM names')
        .all()
        .map(({ name }) => name),
  };
}
