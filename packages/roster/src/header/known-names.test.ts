import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { COLUMNS } from '../columns.ts';
import { columnNamed } from './known-names.ts';

test('every name that docs/files.md lists is known as that column', async () => {
  const text = await readFile(new URL('../../../../docs/files.md', import.meta.url), 'utf8');
  const documented = [...sectionOf(text, 'Header').matchAll(/^\| `(\w+)` \| (.*) \|$/gm)];

  expect(documented.map(([, column]) => column)).toEqual([...COLUMNS]);
  for (const [, column, names = ''] of documented) {
    for (const name of names.split(', ').flatMap(spellOut))
      expect(`${name}: ${columnNamed(name)}`).toBe(`${name}: ${column}`);
  }
});

/** `mobile no / number` is `mobile no` and `mobile number`; `organisation (or -z-)` is both spellings. */
function spellOut(entry: string): string[] {
  if (entry.endsWith(' (or -z-)')) {
    const name = entry.slice(0, -' (or -z-)'.length);
    return [name, name.replace('s', 'z')];
  }
  const [first = '', ...others] = entry.split(' / ');
  const stem = first.slice(0, first.lastIndexOf(' ') + 1);
  return [first, ...others.map((ending) => stem + ending)];
}

test('the columns that are added to failed rows are not ours', () => {
  for (const name of ['line', 'error_code', 'error']) expect(columnNamed(name)).toBeUndefined();
});

function sectionOf(page: string, title: string): string {
  const [, section = ''] = page.split(`\n## ${title}\n`);
  return section.split('\n## ')[0] ?? '';
}
