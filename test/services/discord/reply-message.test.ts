import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  attachmentList,
  filesOf,
  type ReplyImage,
  shownIds,
} from '../../../src/services/discord/reply-message.ts';

const there = (id: string): ReplyImage => ({ file: fileOf(id), attachmentId: id });
const left = (id: string): ReplyImage => ({ file: null, attachmentId: id });
const fresh = (name: string): ReplyImage => ({ file: fileOf(name), attachmentId: null });

test('an edit uploads what the message lacks, and keeps the rest in the order of the images', () => {
  const images = [there('a'), fresh('b'), left('c'), fresh('d')];
  expect(namesOf(images, 'edit')).toEqual(['b', 'd']);
  expect(attachmentList(images)).toEqual([
    { id: 'a' },
    { id: '0', description: 'about b' },
    { id: 'c' },
    { id: '1', description: 'about d' },
  ]);
});

test('a new message has every image whose bytes are at hand', () => {
  expect(namesOf([there('a'), fresh('b'), left('c')], 'send')).toEqual(['a', 'b']);
});

test('an image of which nothing is known has no place', () => {
  expect(attachmentList([{ file: null, attachmentId: null }, fresh('b')])).toEqual([
    { id: '0', description: 'about b' },
  ]);
});

test('in an edit, every upload is listed once under its own position', () => {
  const image = fc.oneof(
    fc.nat(9).map((n) => there(`1000${n}`)),
    fc.nat(9).map((n) => left(`2000${n}`)),
    fc.nat(9).map((n) => fresh(`f${n}`)),
    fc.constant({ file: null, attachmentId: null }),
  );
  fc.assert(
    fc.property(fc.array(image, { maxLength: 10 }), (images) => {
      const uploads = attachmentList(images).filter(({ id }) => id.length === 1);
      expect(uploads).toEqual(
        filesOf(viewOf(images), 'edit').map(({ description }, index) => ({ id: String(index), description })),
      );
      const kept = images.flatMap(({ attachmentId }) => attachmentId ?? []);
      expect(attachmentList(images).flatMap(({ id }) => (id.length > 1 ? id : []))).toEqual(kept);
    }),
  );
});

test('whatever the order in which Discord answers, an image that was kept keeps its id', () => {
  const images = [fresh('b'), there('a'), left('c'), fresh('d')];
  expect(shownIds(images, ['a', 'c', 'new-b', 'new-d'], 'edit')).toEqual(['new-b', 'a', 'c', 'new-d']);
  expect(shownIds(images, ['new-b', 'a', 'c', 'new-d'], 'edit')).toEqual(['new-b', 'a', 'c', 'new-d']);
});

test('where Discord’s answer does not tell where the uploads are, only what was kept is known', () => {
  expect(shownIds([fresh('b'), there('a'), fresh('c')], ['a', 'new'], 'edit')).toEqual([null, 'a', null]);
});

test('a new message has ids of its own, and none for an image whose bytes are gone', () => {
  expect(shownIds([there('a'), left('c'), fresh('b')], ['new-a', 'new-b'], 'send')).toEqual([
    'new-a',
    null,
    'new-b',
  ]);
});

function namesOf(images: ReplyImage[], to: 'edit' | 'send'): string[] {
  return filesOf(viewOf(images), to).map(({ name }) => name);
}

function viewOf(images: ReplyImage[]) {
  return { content: '', embeds: [], components: [], images };
}

function fileOf(name: string) {
  return { attachment: Buffer.from(name), name, description: `about ${name}` };
}
