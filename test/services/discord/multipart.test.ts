import fc from 'fast-check';
import { expect, test } from 'vitest';
import { multipart } from '../../../src/services/discord/multipart.ts';

const bytes = fc.uint8Array({ maxLength: 300 });
const file = fc.record({
  attachment: bytes.map((content) => Buffer.from(content)),
  name: fc.constantFrom('a-fox.png', '雪中的狐狸.webp', 'a "quoted" fox.jpg'),
  description: fc.constant(''),
});

test('whatever is sent, a form holds the message and the files as they were', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(file, { minLength: 1, maxLength: 4 }), fc.string(), async (files, content) => {
      const { body, headers } = multipart({ content }, files);
      const form = await new Response(new Uint8Array(body), { headers }).formData();
      expect(JSON.parse(String(form.get('payload_json')))).toEqual({ content });
      for (const [index, { attachment, name }] of files.entries()) {
        const sent = form.get(`files[${index}]`) as File;
        expect(sent.name).toBe(name);
        expect(sent.type).toBe(name.endsWith('jpg') ? 'image/jpeg' : `image/${name.split('.').at(-1)}`);
        expect(Buffer.from(await sent.arrayBuffer()).equals(attachment)).toBe(true);
      }
    }),
    { numRuns: 100 },
  );
});

test('a name cannot end its line', () => {
  const { body } = multipart({}, [
    { attachment: Buffer.from(''), name: 'a\r\nX-Header: 1.png', description: '' },
  ]);
  expect(body.toString()).not.toContain('\nX-Header');
});
