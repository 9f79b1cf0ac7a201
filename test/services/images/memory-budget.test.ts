import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createMemoryBudget } from '../../../src/services/images/memory-budget.ts';

const patient = new AbortController().signal;

test('as many come in as there are places, and the next one when somebody leaves', async () => {
  const { room, visit, inside } = visited(2);
  for (const name of ['a', 'b', 'c']) visit(name);
  expect(await inside()).toEqual(['a', 'b']);
  expect(room.isSought).toBe(true);
  room.leave('a');
  expect(await inside()).toEqual(['a', 'b', 'c']);
  expect(room.isSought).toBe(false);
});

test('whoever wants many places is not overtaken by those who want few', async () => {
  const { room, visit, inside } = visited(4);
  visit('early');
  visit('1', '2', '3', '4');
  visit('late');
  expect(await inside()).toEqual(['early']);
  room.leave('early');
  expect(await inside()).toEqual(['early', '1+2+3+4']);
  for (const name of ['1', '2', '3', '4']) room.leave(name);
  expect(await inside()).toEqual(['early', '1+2+3+4', 'late']);
});

test('whoever gives up while waiting leaves the turn to the next', async () => {
  const { room, visit, inside } = visited(4);
  const impatient = new AbortController();
  visit('1', '2', '3');
  const given = expect(room.enter(['a', 'b', 'c', 'd'], impatient.signal, 'anna')).rejects.toThrow(
    'no longer',
  );
  visit('one');
  expect(await inside()).toEqual(['1+2+3']);
  impatient.abort(new Error('no longer'));
  await given;
  expect(await inside()).toEqual(['1+2+3', 'one']);
  await expect(room.enter(['a'], impatient.signal, 'anna')).rejects.toThrow('no longer');
});

test('more places than there are cannot be had', async () => {
  await expect(createMemoryBudget<string>(2).enter(['1', '2', '3'], patient, 'anna')).rejects.toThrow(
    RangeError,
  );
});

test('whoever is in keeps the place, and waits for nobody', async () => {
  const { visit, inside } = visited(2);
  visit('a', 'b');
  visit('c');
  visit('b');
  expect(await inside()).toEqual(['a+b', 'b']);
});

test('whoever gives way stays until the place is needed, and those who came first leave first', async () => {
  const { visit, giveWay, inside, left } = visited(3);
  visit('a', 'b');
  for (const name of ['a', 'b']) giveWay(name);
  visit('c');
  expect(left).toEqual([]);
  visit('d');
  expect(left).toEqual(['a']);
  expect(await inside()).toEqual(['a+b', 'c', 'd']);
});

test('whoever gives way while somebody waits leaves at once', async () => {
  const { visit, giveWay, inside, left } = visited(1);
  visit('a');
  visit('b');
  giveWay('a');
  expect(left).toEqual(['a']);
  expect(await inside()).toEqual(['a', 'b']);
});

test('nobody leaves where it would not be enough', async () => {
  const { room, visit, giveWay, inside, left } = visited(3);
  visit('stays');
  visit('yields');
  giveWay('yields');
  visit('1', '2', '3');
  expect(left).toEqual([]);
  room.leave('stays');
  expect(left).toEqual(['yields']);
  expect(await inside()).toEqual(['stays', 'yields', '1+2+3']);
});

test('whoever gives way and comes again with others keeps the place with them', async () => {
  const { visit, giveWay, inside, left } = visited(3);
  visit('a', 'b', 'other');
  for (const name of ['a', 'other']) giveWay(name);
  visit('a', 'c');
  expect(left).toEqual(['other']);
  visit('d');
  expect(await inside()).toEqual(['a+b+other', 'a+c']);
});

test('two that each give way and want more than is left do not wait for each other', async () => {
  const { room, visit, giveWay, inside, left } = visited(4);
  visit('a1', 'a2');
  visit('b1', 'b2');
  for (const name of ['a1', 'a2', 'b1', 'b2']) giveWay(name);
  visit('a1', 'a2', 'a3', 'a4');
  visit('b1', 'b2', 'b3', 'b4');
  expect(left).toEqual(['b1', 'b2']);
  for (const name of ['a1', 'a2', 'a3', 'a4']) room.leave(name);
  expect(await inside()).toEqual(['a1+a2', 'b1+b2', 'a1+a2+a3+a4', 'b1+b2+b3+b4']);
});

test('whoever brings much waits for those who have less inside', async () => {
  const { room, visitAs, inside } = visited(2);
  for (const name of ['a1', 'a2', 'a3', 'a4']) visitAs('anna', [name]);
  visitAs('ben', ['b1']);
  visitAs('cleo', ['c1']);
  room.leave('a1');
  expect(await inside()).toEqual(['a1', 'a2', 'b1']);
  room.leave('a2');
  expect(await inside()).toEqual(['a1', 'a2', 'b1', 'a3']);
  room.leave('b1');
  expect(await inside()).toEqual(['a1', 'a2', 'b1', 'a3', 'c1']);
});

/** A room, who has come in so far, in their order, and who had to leave. */
function visited(size: number) {
  const room = createMemoryBudget<string>(size);
  const visits: string[] = [];
  const left: string[] = [];
  const visitAs = (person: string, names: string[]) =>
    void room.enter(names, patient, person).then(() => visits.push(names.join('+')));
  return {
    room,
    left,
    visit: (...names: string[]) => visitAs('anna', names),
    visitAs,
    giveWay: (name: string) => room.giveWay(name, () => left.push(name)),
    async inside() {
      await turn();
      return visits;
    },
  };
}
