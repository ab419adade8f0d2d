import { expect, test } from 'vitest';
import { beginningOf } from './file-beginning.ts';

test.for<[what: string, content: Buffer, max: number, beginning: Buffer]>([
  ['a small file as it is', Buffer.from('a\nb'), 3, Buffer.from('a\nb')],
  ['up to the end of a line', Buffer.from('name\nann\nbob\n'), 11, Buffer.from('name\nann\n')],
  ['with line ends of an old Mac', Buffer.from('name\rann\rbob\r'), 11, Buffer.from('name\rann\r')],
  ['in UTF-16', Buffer.from('\ufeffna\nan\nbo\n', 'utf16le'), 17, Buffer.from('\ufeffna\nan\n', 'utf16le')],
  ['of one endless line', Buffer.from('x'.repeat(20)), 10, Buffer.from('x'.repeat(10))],
])('the beginning of a file is read %s', async ([, content, max, beginning]) => {
  const file = new File([new Uint8Array(content)], 'staff.csv', { lastModified: 7 });

  const part = await beginningOf(file, max);

  expect({ name: part.name, lastModified: part.lastModified }).toEqual({ name: 'staff.csv', lastModified: 7 });
  expect(Buffer.from(await part.arrayBuffer()).equals(beginning)).toBe(true);
});
