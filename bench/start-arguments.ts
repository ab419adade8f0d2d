import { readFileSync } from 'node:fs';

const MANIFEST = new URL('../package.json', import.meta.url);

/** What an npm script gives Node, options and all: npm itself would not pass signals on. */
export function startArguments(script: 'start' | 'start:api'): string[] {
  const { scripts }: { scripts: Record<typeof script, string> } = JSON.parse(readFileSync(MANIFEST, 'utf8'));
  const [node, ...rest] = scripts[script].split(' ');
  if (node !== 'node') throw new Error(`npm run ${script} is no call of node: ${scripts[script]}`);
  return rest;
}
