import { describe, expect, onTestFinished } from 'vitest';
import { startJimmyAi } from '../../../sandbox/jimmyai/index.ts';
import { BODY, createClient, test } from './client.ts';

describe('scope', () => {
  test('one create by default, as many as asked for otherwise, in the order planned', async ({
    jimmy,
    client,
  }) => {
    jimmy.misbehave({ kind: 'unavailable', at: 'create' }, { times: 2 });
    jimmy.misbehave({ kind: 'html', status: 502, at: 'create' });
    const statuses: number[] = [];
    for (const _ of Array(4)) statuses.push((await client.create(BODY)).status);
    expect(statuses).toEqual([503, 503, 502, 200]);
  });

  test('only the creates it is meant for', async ({ jimmy, client }) => {
    jimmy.misbehave({ kind: 'stuck' }, { when: ({ prompt }) => prompt === 'second', times: Infinity });
    for (const prompt of ['first', 'second', 'third', 'second']) await client.start({ ...BODY, prompt });
    expect(jimmy.tasks.map(({ misbehaviour }) => misbehaviour?.kind ?? null)).toEqual([
      null,
      'stuck',
      null,
      'stuck',
    ]);
  });

  test('nothing any more once it is not wanted', async ({ jimmy, client }) => {
    let isWanted = true;
    jimmy.misbehave({ kind: 'unavailable', at: 'create' }, { times: 2, asLongAs: () => isWanted });
    expect((await client.create(BODY)).status).toBe(503);
    isWanted = false;
    expect((await client.create(BODY)).status).toBe(200);
  });

  test('a create that breaks a rule uses up no plan', async ({ jimmy, client }) => {
    jimmy.misbehave({ kind: 'unavailable', at: 'create' });
    expect((await client.create({})).json.code).toBe('20002');
    expect((await client.create(BODY)).status).toBe(503);
  });
});

describe('at random', () => {
  const kinds = ['slow', 'stuck', 'failed', 'unavailable', 'odd-progress', 'upload-missing'] as const;
  const run = async (seed: number) => {
    const jimmy = await startJimmyAi();
    onTestFinished(() => jimmy.close());
    jimmy.misbehaveAtRandom({ seed, rate: 0.5, kinds });
    const client = createClient(jimmy);
    const answers: number[] = [];
    for (const _ of Array(20)) answers.push((await client.create(BODY)).status);
    return [answers, jimmy.tasks.map(({ misbehaviour }) => misbehaviour)];
  };

  test('the same seed goes wrong the same way', async () => {
    const [first, again, other] = [await run(3), await run(3), await run(4)];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    expect(new Set(first[1]?.map((misbehaviour) => JSON.stringify(misbehaviour))).size).toBeGreaterThan(3);
  });

  test('uploads go wrong too, and all is well once it is switched off', async ({ jimmy, client }) => {
    jimmy.misbehaveAtRandom({ seed: 1, rate: 1, kinds });
    const statuses: number[] = [];
    for (const _ of Array(5)) statuses.push((await client.upload(Buffer.from('x'), 'x.png')).status);
    expect(statuses.every((status) => status === 404 || status === 503)).toBe(true);
    jimmy.misbehaveAtRandom(null);
    expect((await client.upload(Buffer.from('x'), 'x.png')).status).toBe(200);
    await client.start();
    expect(jimmy.tasks[0]?.misbehaviour).toBeNull();
  });
});
