import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Draft } from '../../../../src/services/ledger/drafts.ts';
import { createTestLedger, type TestLedger } from '../test-ledger.ts';

let file: TestLedger;
beforeEach(async () => {
  file = await createTestLedger();
});
afterEach(() => file.remove());

const draft: Draft = {
  request: {
    prompt: '雪中的 "fox" 🦊',
    model: 'nano-banana-pro',
    ratio: '16:9',
    resolution: '2k',
    quality: null,
    transparent: false,
    count: 4,
  },
  references: [
    { name: 'a.png', source: 'service', url: 'https://x.example/a.png', file: null },
    { name: 'b.png', source: 'discord', url: null, file: 'kept.png' },
  ],
  private: true,
  adapted: false,
  parentId: 'parent',
  parentUrl: 'https://discord.com/channels/@me/1/2',
};

test('a draft comes back as it was, with whose it is, also after a restart', async () => {
  const id = await file.ledger.drafts.save('ann', draft);
  await file.reopen();
  expect(await file.ledger.drafts.find(id)).toEqual({ userId: 'ann', draft });
});

test('a draft under an id that is known already is kept once, as it was first', async () => {
  await file.ledger.drafts.keep('task-1', 'ann', draft);
  await file.ledger.drafts.keep('task-1', 'ann', { ...draft, private: false });
  expect(await file.ledger.drafts.of('ann')).toEqual([draft]);
});

test('all but a person’s newest drafts are too many', async () => {
  const ids: string[] = [];
  for (let count = 0; count < 4; count++) ids.push(await file.ledger.drafts.save('ann', draft));
  await file.ledger.drafts.save('bob', draft);
  const surplus = (drafts: number, references: number) =>
    file.ledger.drafts.surplusOf('ann', { drafts, references });
  expect((await surplus(2, 99)).sort()).toEqual(ids.slice(0, 2).sort());
  expect(await surplus(4, 99)).toEqual([]);
  const each = draft.references.length;
  expect((await surplus(4, 3 * each + each - 1)).sort()).toEqual(ids.slice(0, 1));
});

test('a draft that there never was is not found', async () => {
  expect(await file.ledger.drafts.find('nothing')).toBeNull();
});

test('drafts that nobody completed are deleted once they are old enough', async () => {
  const old = await file.ledger.drafts.save('ann', draft);
  file.now = 2_000;
  const young = await file.ledger.drafts.save('ann', draft);
  await file.ledger.storedData.forgetBefore(2_000);
  expect(await file.ledger.drafts.find(old)).toBeNull();
  expect(await file.ledger.drafts.find(young)).not.toBeNull();
});

test('whoever has their data deleted loses their drafts and settings, and nobody else’s', async () => {
  const own = await file.ledger.drafts.save('ann', draft);
  const other = await file.ledger.drafts.save('bob', draft);
  const settings = { ...(await file.ledger.settings.of('ann')), notify: 'mention' as const };
  await file.ledger.settings.save('ann', settings);
  await file.ledger.settings.save('bob', settings);
  await file.ledger.storedData.forget('ann');
  expect(await file.ledger.drafts.find(own)).toBeNull();
  expect(await file.ledger.drafts.find(other)).not.toBeNull();
  expect((await file.ledger.settings.of('ann')).notify).toBe('off');
  expect((await file.ledger.settings.of('bob')).notify).toBe('mention');
});

test('the files of a draft go with it, unless something else needs them', async () => {
  await file.reserve({
    ...draft,
    references: [{ name: 'b.png', source: 'discord', url: null, file: 'shared.png' }],
  });
  const references = ['shared.png', 'own.png'].map((name) => {
    return { name, source: 'discord' as const, url: null, file: name };
  });
  const id = await file.ledger.drafts.save('ann', draft);
  expect(await file.ledger.drafts.setReferences(id, references)).toBe(true);
  const isUsed = (name: string) => file.ledger.storedData.isUsed(name);
  expect(await Promise.all(['own.png', 'shared.png', 'other.png'].map(isUsed))).toEqual([true, true, false]);
  expect(await file.ledger.storedData.forgetDraft(id)).toEqual(['own.png']);
  expect(await file.ledger.drafts.setReferences(id, references)).toBe(false);
});

test('a draft that another version has written otherwise is none', async () => {
  const broken = { ...draft, request: { ...draft.request, ratio: '7:5' } } as unknown as Draft;
  expect(await file.ledger.drafts.find(await file.ledger.drafts.save('ann', broken))).toBeNull();
});

test('a draft outlives its model: another one can be chosen', async () => {
  const old = { ...draft, request: { ...draft.request, model: 'gone' } } as unknown as Draft;
  expect(await file.ledger.drafts.find(await file.ledger.drafts.save('ann', old))).toMatchObject({
    draft: old,
  });
});

test('a draft becomes one generation, however often it is taken', async () => {
  const draftId = await file.ledger.drafts.save('ann', draft);
  const id = await file.reserve({ draftId, ...draft });
  const { generation } = (await file.ledger.generations.find(id)) ?? {};
  expect(generation).toMatchObject({ request: draft.request, parentUrl: draft.parentUrl });
  expect(await file.ledger.drafts.find(draftId)).toBeNull();
  // Whoever takes it back at the same time hears that it is too late.
  expect(await file.ledger.storedData.forgetDraft(draftId)).toBeNull();
  await expect(file.reserve({ draftId, ...draft })).rejects.toThrow('taken already');
  expect(await file.ledger.generations.unsettled()).toEqual([id]);
});
