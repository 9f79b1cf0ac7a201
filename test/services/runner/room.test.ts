import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createRoom } from '../../../src/services/runner/room.ts';

const patient = new AbortController().signal;

test('as many come in as there are places, and the next one when somebody leaves', async () => {
  const { room, visit, entered } = visited(2);
  for (const name of ['a', 'b', 'c']) visit(name, 1);
  expect(await entered()).toEqual(['a', 'b']);
  expect(room.isSought).toBe(true);
  room.leave(1);
  expect(await entered()).toEqual(['a', 'b', 'c']);
  expect(room.isSought).toBe(false);
});

test('whoever wants many places is not overtaken by those who want few', async () => {
  const { room, visit, entered } = visited(4);
  visit('one', 1);
  visit('four', 4);
  visit('late one', 1);
  expect(await entered()).toEqual(['one']);
  room.leave(1);
  expect(await entered()).toEqual(['one', 'four']);
  room.leave(4);
  expect(await entered()).toEqual(['one', 'four', 'late one']);
});

test('whoever gives up while waiting leaves the turn to the next', async () => {
  const { room, visit, entered } = visited(4);
  const impatient = new AbortController();
  visit('three', 3);
  const given = expect(room.enter(4, impatient.signal)).rejects.toThrow('no longer');
  visit('one', 1);
  expect(await entered()).toEqual(['three']);
  impatient.abort(new Error('no longer'));
  await given;
  expect(await entered()).toEqual(['three', 'one']);
  await expect(room.enter(1, impatient.signal)).rejects.toThrow('no longer');
});

test('more places than there are can not be had', async () => {
  await expect(createRoom(4).enter(5, patient)).rejects.toThrow(RangeError);
});

/** A room, and who has come in so far, in their order. */
function visited(size: number) {
  const room = createRoom(size);
  const names: string[] = [];
  return {
    room,
    visit: (name: string, places: number) => void room.enter(places, patient).then(() => names.push(name)),
    async entered() {
      await turn();
      return names;
    },
  };
}
