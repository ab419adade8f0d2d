import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findCycles, type Import, readImports, specifiersOf } from './support/import-graph.ts';

const ROOT = join(import.meta.dirname, '..');
const imports = readImports(ROOT);

/** `apps/api` of `apps/api/src/app.ts`. */
function workspaceOf(path: string): string {
  return path.split('/').slice(0, 2).join('/');
}

/** Whether others can import it by its name; the example files are data of the repository. */
function isWorkspace(folder: string): boolean {
  return existsSync(join(ROOT, folder, 'package.json'));
}

/** What runs in production, apart from tests, benchmarks and their helpers. */
function isProduction(path: string): boolean {
  return path.split('/')[2] === 'src' && !path.endsWith('.test.ts') && workspaceOf(path) !== 'packages/testing';
}

function say({ from, to, specifier }: Import): string {
  return `${from} imports ${to} as '${specifier}'`;
}

const crossing = imports.filter(({ from, to }) => workspaceOf(from) !== workspaceOf(to));

test('the imports of the repository are found', () => {
  expect(imports).toContainEqual({
    from: 'apps/api/src/app.ts',
    to: 'apps/api/src/http/request-log.ts',
    specifier: './http/request-log.ts',
  });
  expect(imports).toContainEqual({
    from: 'apps/api/src/start-api.ts',
    to: 'packages/database/src/index.ts',
    specifier: '@rowferry/database',
  });
  expect(imports.map(({ from }) => from)).toContain('packages/embedded/src/index.ts');
  expect(
    specifiersOf(
      'a.ts',
      `import type { A } from './a.ts'; export * from "./b.ts"; await import('./c.ts'); import './d.ts';`,
    ),
  ).toEqual(['./a.ts', './d.ts', './b.ts', './c.ts']);
});

test('no files or folders of a src/ import each other in a circle', () => {
  expect(findCycles(imports.filter(({ from, to }) => isProduction(from) && isProduction(to)))).toEqual([]);
});

test('packages import no app', () => {
  expect(crossing.filter(({ from, to }) => from.startsWith('packages/') && to.startsWith('apps/')).map(say)).toEqual(
    [],
  );
});

/** What starts others, or calls their handlers where there is no Lambda. */
const MAY_IMPORT: Record<string, string[]> = {
  'apps/cli': ['apps/api', 'apps/local', 'apps/worker'],
  'apps/local': ['apps/api', 'apps/worker'],
  'apps/worker': [
    'apps/backfill-lambda',
    'apps/consumer-lambda',
    'apps/event-lambda',
    'apps/producer-lambda',
    'apps/webhook-lambda',
  ],
};

test('apps do not import each other, but for what starts or calls others', () => {
  const offenders = crossing.filter(
    ({ from, to }) =>
      isProduction(from) && to.startsWith('apps/') && !MAY_IMPORT[workspaceOf(from)]?.includes(workspaceOf(to)),
  );
  expect(offenders.map(say)).toEqual([]);
});

test('what runs in production imports other workspaces by their name', () => {
  const offenders = crossing.filter(
    ({ from, to, specifier }) => isProduction(from) && isWorkspace(workspaceOf(to)) && specifier.startsWith('.'),
  );
  expect(offenders.map(say)).toEqual([]);
});

test.for<[string, [string, string][], string[]]>([
  [
    'nothing in a tree of files',
    [
      ['src/a.ts', 'src/b.ts'],
      ['src/a.ts', 'src/c/d.ts'],
      ['src/b.ts', 'src/c/d.ts'],
    ],
    [],
  ],
  [
    'two files',
    [
      ['src/a.ts', 'src/b.ts'],
      ['src/b.ts', 'src/a.ts'],
    ],
    ['src: a.ts → b.ts → a.ts (src/a.ts imports src/b.ts; src/b.ts imports src/a.ts)'],
  ],
  [
    'two folders whose files form no circle',
    [
      ['src/x/a.ts', 'src/y/b.ts'],
      ['src/y/c.ts', 'src/x/d.ts'],
    ],
    ['src: x → y → x (src/x/a.ts imports src/y/b.ts; src/y/c.ts imports src/x/d.ts)'],
  ],
  [
    'a folder and its neighbour, by way of a third',
    [
      ['src/p/x/a.ts', 'src/p/b.ts'],
      ['src/p/b.ts', 'src/p/c.ts'],
      ['src/p/c.ts', 'src/p/x/d.ts'],
    ],
    [
      'src/p: x → b.ts → c.ts → x (src/p/x/a.ts imports src/p/b.ts; src/p/b.ts imports src/p/c.ts; src/p/c.ts imports src/p/x/d.ts)',
    ],
  ],
])('the check for circles finds %s', ([, edges, cycles]) => {
  expect(findCycles(edges.map(([from, to]) => ({ from, to, specifier: '' })))).toEqual(cycles);
});
