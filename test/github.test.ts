import { globSync, readFileSync } from 'node:fs';
import { minVersion } from 'semver';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { readScripts } from './support/scripts.ts';

const step = z.strictObject({
  name: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
});
const job = z.strictObject({
  name: z.string(),
  'runs-on': z.string(),
  'timeout-minutes': z.number(),
  strategy: z.strictObject({ 'fail-fast': z.boolean(), matrix: z.record(z.string(), z.array(z.string())) }).optional(),
  services: z.record(z.string(), z.object({ image: z.string() })).optional(),
  env: z.record(z.string(), z.string()).optional(),
  steps: z.array(step),
});
/** What of GitHub's workflow syntax is used; a key spelled wrong is not in it. */
const workflow = z.strictObject({
  name: z.string(),
  on: z.record(z.string(), z.unknown()),
  permissions: z.record(z.string(), z.string()),
  concurrency: z.strictObject({ group: z.string(), 'cancel-in-progress': z.boolean() }),
  jobs: z.record(z.string(), job),
});

const workflows = globSync('.github/workflows/*.yml').map((file) => workflow.parse(parse(read(file))));
const jobs = workflows.flatMap((one) => Object.values(one.jobs));
const steps = jobs.flatMap((one) => one.steps);

test('workflows may only read, and run actions at one exact commit', () => {
  expect(workflows.length).toBeGreaterThan(0);
  expect(workflows.map(({ permissions }) => permissions)).toEqual(workflows.map(() => ({ contents: 'read' })));
  const actions = steps.flatMap(({ uses }) => uses ?? []);
  expect(actions.length).toBeGreaterThan(0);
  expect(actions.filter((uses) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(uses))).toEqual([]);
});

test('every npm script and every file that a workflow runs exists', async () => {
  const commands = steps.flatMap(({ run }) => run?.split('\n') ?? []);
  const scripts = commands.flatMap((command) => /^npm (?:run (?:--silent )?)?([\w:]+)/.exec(command)?.[1] ?? []);
  const known = [...Object.keys(await readScripts()), 'ci'];
  expect(scripts.length).toBeGreaterThan(0);
  expect(scripts.filter((script) => !known.includes(script))).toEqual([]);
  expect(commands).toContain('bash .ci/run');
});

test('checks run on the oldest of every Node that is supported, and tests on every Postgres', () => {
  const { engines } = z.object({ engines: z.object({ node: z.string() }) }).parse(JSON.parse(read('package.json')));
  const oldest = engines.node.split(' || ').map((range) => minVersion(range)?.version);
  const nodes = jobs.flatMap(({ strategy }) => strategy?.matrix.node ?? []);
  expect(nodes.map((version) => minVersion(version)?.version)).toEqual(oldest);

  const [, from, to] = /Postgres (\d+) to (\d+) are supported/.exec(read('README.md')) ?? [];
  const supported = Array.from({ length: Number(to) - Number(from) + 1 }, (_, index) => String(Number(from) + index));
  expect(jobs.flatMap(({ strategy }) => strategy?.matrix.postgres ?? [])).toEqual(supported);
});

test('forms and updates can be read', () => {
  for (const file of globSync('.github/ISSUE_TEMPLATE/*.yml').filter((name) => !name.endsWith('config.yml'))) {
    const form = z.object({ name: z.string(), description: z.string(), body: z.array(z.object({ type: z.string() })) });
    expect(() => form.parse(parse(read(file))), file).not.toThrow();
  }
  const updates = z.object({ version: z.literal(2), updates: z.array(z.object({ 'package-ecosystem': z.string() })) });
  expect(updates.parse(parse(read('.github/dependabot.yml'))).updates.map((one) => one['package-ecosystem'])).toEqual([
    'npm',
    'github-actions',
  ]);
});

function read(file: string): string {
  return readFileSync(file, 'utf8');
}
