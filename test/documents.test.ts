import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Folders of the repository whose files the documents name in backticks. */
const SOURCE_FOLDERS = ['apps', 'bench', 'docs', 'examples', 'infra', 'migrations', 'packages', 'test'];

const documents = globSync(['*.md', 'docs/**/*.md'], { cwd: ROOT });
const sources = globSync(`{${SOURCE_FOLDERS.join(',')}}/**/*.ts`, {
  cwd: ROOT,
  exclude: (path) => path.endsWith('node_modules'),
});

test('every link between documents leads to a file, and to a heading of it', () => {
  const links = documents.flatMap((document) =>
    [...read(document).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].map(([, path = '', heading]) => ({
      document,
      target: path === '' ? document : normalize(join(dirname(document), path)),
      heading,
    })),
  );

  expect(links.length).toBeGreaterThan(50);
  expect(links.filter(({ target }) => !existsSync(join(ROOT, target)))).toEqual([]);
  expect(links.filter(({ target, heading }) => heading !== undefined && !headingsOf(target).has(heading))).toEqual([]);
});

test('every file that a document names in backticks exists', () => {
  const named = new RegExp(`\`((?:${SOURCE_FOLDERS.join('|')})/[\\w./-]+\\.\\w+)\``, 'g');
  const paths = documents.flatMap((document) =>
    [...read(document).matchAll(named)].map(([, path = '']) => ({ document, path })),
  );

  expect(paths.length).toBeGreaterThan(10);
  expect(paths.filter(({ path }) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test('every document that the code names exists', () => {
  const named = sources.flatMap((file) =>
    [...read(file).matchAll(/\bdocs\/[\w/-]+\.md\b/g)].map(([path]) => ({ file, path })),
  );

  expect(named.length).toBeGreaterThan(10);
  expect(named.filter(({ path }) => !existsSync(join(ROOT, path)))).toEqual([]);
});

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

/** The anchors that GitHub gives the headings of a document. */
function headingsOf(document: string): Set<string> {
  const withoutCode = read(document).replaceAll(/^```[\s\S]*?^```$/gm, '');
  return new Set(
    [...withoutCode.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}
