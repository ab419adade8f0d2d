import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { parseSync } from 'oxc-parser';

/** An import of one file of this repository by another; paths from its root. `specifier` is as it is written. */
export type Import = { from: string; to: string; specifier: string };

const WORKSPACES = '{apps,packages}/*';

/** Every import, export-from, `import()` and `import type` in apps/ and packages/ that leads to another file of them. */
export function readImports(root: string): Import[] {
  const doors = readDoors(root);
  return globSync(`${WORKSPACES}/**/*.ts`, { cwd: root, exclude: ['**/node_modules/**'] }).flatMap((from) =>
    specifiersOf(from, readFileSync(join(root, from), 'utf8')).flatMap((specifier) => {
      const to = specifier.startsWith('.') ? normalize(join(dirname(from), specifier)) : doors.get(specifier);
      return to === undefined ? [] : [{ from, to, specifier }];
    }),
  );
}

/** The file that each `@rowferry/…` leads to. */
function readDoors(root: string): ReadonlyMap<string, string> {
  const doors = new Map<string, string>();
  for (const file of globSync(`${WORKSPACES}/package.json`, { cwd: root })) {
    const { name, exports = {} } = JSON.parse(readFileSync(join(root, file), 'utf8'));
    const entries: [string, string][] = typeof exports === 'string' ? [['.', exports]] : Object.entries(exports);
    for (const [entry, target] of entries) doors.set(join(name, entry), join(dirname(file), target));
  }
  return doors;
}

export function specifiersOf(file: string, text: string): string[] {
  const { module, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  const fromExports = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest }) => (moduleRequest === null ? [] : [moduleRequest.value])),
  );
  const dynamic = module.dynamicImports.map(({ moduleRequest }) =>
    text.slice(moduleRequest.start, moduleRequest.end).replaceAll(/^['"]|['"]$/g, ''),
  );
  return [
    ...new Set([...module.staticImports.map(({ moduleRequest }) => moduleRequest.value), ...fromExports, ...dynamic]),
  ];
}

/**
 * The cycles between the files and folders that lie in the same folder, at every depth: a folder stands for all that is
 * in it. A cycle of files is one of these too.
 *
 * @returns one line a cycle, such as `src: a.ts → b → a.ts (src/a.ts imports src/b/c.ts; src/b/c.ts imports src/a.ts)`.
 */
export function findCycles(imports: readonly Import[]): string[] {
  const byFolder = new Map<string, Map<string, Map<string, Import>>>();
  for (const imported of imports) {
    const { folder, child, other } = meetingPoint(imported);
    const edges = getOrAdd(byFolder, folder, () => new Map<string, Map<string, Import>>());
    getOrAdd(edges, child, () => new Map<string, Import>()).set(other, imported);
  }
  return [...byFolder].flatMap(([folder, edges]) =>
    cyclesOf(edges).map((cycle) => {
      const links = cycle.map((name, index) => edges.get(name)?.get(cycle[(index + 1) % cycle.length] ?? ''));
      const reasons = links.map((link) => `${link?.from} imports ${link?.to}`).join('; ');
      return `${folder}: ${[...cycle, cycle[0]].join(' → ')} (${reasons})`;
    }),
  );
}

/** The deepest folder that has both files, and what of it each of them is or lies in. */
function meetingPoint({ from, to }: Import): { folder: string; child: string; other: string } {
  const [a, b] = [from.split('/'), to.split('/')];
  let depth = 0;
  while (depth < a.length - 1 && a[depth] === b[depth]) depth++;
  return { folder: a.slice(0, depth).join('/') || '.', child: a[depth] ?? '', other: b[depth] ?? '' };
}

/** One cycle through each node that closes one, found depth first. */
function cyclesOf(edges: ReadonlyMap<string, ReadonlyMap<string, unknown>>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const visit = (node: string, path: string[]): void => {
    if (path.includes(node)) {
      cycles.push(path.slice(path.indexOf(node)));
      return;
    }
    if (done.has(node)) return;
    for (const next of edges.get(node)?.keys() ?? []) visit(next, [...path, node]);
    done.add(node);
  };
  for (const node of edges.keys()) visit(node, []);
  return cycles;
}

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
