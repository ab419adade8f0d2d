import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

test.for(['ingest', 'list', 'parts'])('docs/benchmarks/%s.md names every option of the benchmark', async (name) => {
  const code = await readFile(`bench/${name}.ts`, 'utf8');
  const page = await readFile(`docs/benchmarks/${name}.md`, 'utf8');

  const [declared = ''] = /readScriptOptions\([\s\S]*?\}\);/.exec(code) ?? [];
  const options = [...declared.matchAll(/^ {2}'?([\w-]+)'?: \{ type/gm)].map(([, option]) => `--${option}`);
  expect(options).toContain('--rows');
  const help = code.slice(0, code.indexOf('*/'));
  expect(options.filter((option) => !page.includes(`\`${option}`) || !help.includes(`${option} `))).toEqual([]);
});
