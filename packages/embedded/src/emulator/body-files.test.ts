import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryDirectory } from '../../test/temporary-directory.ts';
import { BodyFiles, type BodyPlace } from './body-files.ts';

/** Bodies of ten bytes, in files that are full with two of them. */
async function setup(directory?: string) {
  const path = directory ?? (await temporaryDirectory());
  const files = new BodyFiles(path, true, 20);
  onTestFinished(() => files.close());
  const append = (text: string) => files.append(Buffer.from(text.padEnd(10, '.')));
  const read = (place: BodyPlace) => {
    const target = Buffer.alloc(place.length + 1, '>');
    expect(files.read(place, target, 1)).toBe(place.length);
    return target.toString();
  };
  return { path, files, append, read, onDisk: () => readdirSync(path).sort() };
}

test('bodies are read as they were appended, over several files, also after a restart', async () => {
  const { path, append, read, onDisk } = await setup();
  const places = ['a', 'b', 'c', 'd', 'e'].map(append);
  const expected = ['a', 'b', 'c', 'd', 'e'].map((letter) => `>${letter}.........`);
  expect(places.map(read)).toEqual(expected);
  expect(onDisk()).toEqual(['1', '2', '3']);

  const again = await setup(path);
  expect(places.map(again.read)).toEqual(expected);
});

test('a file may be removed once it is full and none of its bodies is needed', async () => {
  const { files, append, onDisk } = await setup();
  const [a, b, c] = [append('a'), append('b'), append('c')];
  files.release(a);
  expect(files.takeEmptied()).toEqual([]);
  files.release(b);
  expect(files.takeEmptied()).toEqual([1]);
  expect(files.takeEmptied()).toEqual([]);
  files.remove(1);
  // Still written to.
  files.release(c);
  expect(files.takeEmptied()).toEqual([]);
  append('d');
  append('e');
  expect(files.takeEmptied()).toEqual([]);
  expect(onDisk()).toEqual(['2', '3']);
});

test('a file whose bodies all went while it was written to may be removed when the next is begun', async () => {
  const { files, append } = await setup();
  for (const letter of ['a', 'b']) files.release(append(letter));
  expect(files.takeEmptied()).toEqual([]);
  append('c');
  expect(files.takeEmptied()).toEqual([1]);
});

test('after a restart, files that no row names are removed, and their numbers are not used again', async () => {
  const { path, append } = await setup();
  const [, , kept] = ['a', 'b', 'c', 'd', 'e'].map(append);
  writeFileSync(join(path, 'note'), 'not ours');

  const { files, append: appendAgain, read, onDisk } = await setup(path);
  if (kept !== undefined) files.keep(kept);
  files.removeUnused();
  expect(onDisk()).toEqual(['2', 'note']);
  const added = appendAgain('f');
  expect(added.file).toBe(4);
  expect(read(added)).toBe('>f.........');
  if (kept !== undefined) files.release(kept);
  expect(files.takeEmptied()).toEqual([2]);
});

test('a file that is too short is an error that names it', async () => {
  const { path, append, files } = await setup();
  const place = append('a');
  writeFileSync(join(path, '1'), 'short');
  expect(() => files.read(place, Buffer.alloc(10), 0)).toThrow(`${join(path, '1')} ends before byte 10`);
});
