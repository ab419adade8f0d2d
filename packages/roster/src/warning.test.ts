import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { sumWarnings, WARNING_CODES, type Warning } from './warning.ts';

const entities: Warning = { code: 'html_entities', column: 'employee_name', text: 'signs', count: 1, lines: [2] };

test('docs/files.md lists everything that an upload warns of', async () => {
  const text = await readFile(new URL('../../../docs/files.md', import.meta.url), 'utf8');
  const [, section = ''] = text.split('\n## Warnings\n');

  const rows = [...(section.split('\n## ')[0] ?? '').matchAll(/^\| `(\w+)` \| (.*) \|$/gm)];

  expect(rows.map(([, code]) => code)).toEqual([...WARNING_CODES]);
  for (const [, , text = ''] of rows) expect(text.length).toBeGreaterThan(20);
});

test('the parts of a file are summed up: counts, and the first ten lines in file order', () => {
  const later = { ...entities, count: 30, lines: [90, 91, 92, 93, 94, 95, 96, 97, 98, 99] };
  const earlier = { ...entities, count: 2, lines: [7, 8] };

  expect(sumWarnings([later, entities, earlier])).toEqual([
    { ...entities, count: 33, lines: [2, 7, 8, 90, 91, 92, 93, 94, 95, 96] },
  ]);
});

test('columns are told apart, and stand in their order', () => {
  const company: Warning = { ...entities, column: 'company_name' };

  expect(sumWarnings([company, entities])).toEqual([entities, company]);
  expect(sumWarnings([])).toEqual([]);
});
