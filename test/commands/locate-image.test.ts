import { expect, test } from 'vitest';
import { showableUrl } from '../../src/commands/locate-image.ts';

test('an image is shown from its address where Discord takes one as long', () => {
  const at = (length: number) => {
    const url = 'https://cdn.test/'.padEnd(length, 'x');
    return showableUrl({ name: 'image', source: 'service', url, file: null });
  };
  expect(at(2048)).toHaveLength(2048);
  expect(at(2049)).toBeNull();
  expect(showableUrl(null)).toBeNull();
});
