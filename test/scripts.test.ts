import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '@rowferry/embedded';
import { setup, setupEmptyDatabase } from '@rowferry/testing';
import { expect, onTestFinished, test } from 'vitest';
import { FUNCTIONS } from '../infra/src/bundle/bundle.ts';
import { newDataDir } from './support/npm-start.ts';
import { environmentOf, startApi, startWorker } from './support/plain-process.ts';
import { type Ended, runNpm, serveOnce } from './support/run-npm.ts';
import { readScripts } from './support/scripts.ts';

const MINUTE = 60_000;

/** Those that .ci/run runs in full. */
const RUN_BY_CI = ['test', 'test:chaos', 'typecheck', 'lint', 'knip'];
/** Runs all tests once more: a job of the workflow. */
const RUN_BY_WORKFLOW = ['coverage'];
/** Run by npm itself, when it installs: nothing of it would be served without. */
const RUN_BY_NPM = ['prepare'];
/** Of benchmarks.test.ts. */
const BENCHMARK = /^bench:/;

/** The others, each with as little to do as it takes. */
const SMOKE_TESTS: Record<string, () => Promise<void>> = {
  async start() {
    const env = { DATA_DIR: await newDataDir(), PORT: String(await freePort()) };
    expectStopped(await serveOnce(['start'], /^ +Data /m, { env }));
  },

  async 'start:api'() {
    const env = { ...environmentOf(await setup()), AWS_PROFILE: '', PORT: '0' };
    expectStopped(await serveOnce(['run', 'start:api'], /"url":"http:\/\/127\.0\.0\.1:\d+"/, { env }));
  },

  async 'start:worker'() {
    const env = { ...environmentOf(await setup()), AWS_PROFILE: '' };
    expectStopped(await serveOnce(['run', 'start:worker'], /worker started/, { env }));
  },

  async migrate() {
    const { stdout } = await run('migrate', [], { env: { DATABASE_URL: await setupEmptyDatabase() } });
    expect(stdout).toBe('The schema is up to date.\n');
  },

  async keys() {
    const env = environmentOf(await setup());
    const created = await run('keys', ['create', '--name', 'somebody'], { env });
    expect(created.stdout).toMatch(/^rf_\S+\n$/);
    expect((await run('keys', ['list'], { env })).stdout).toMatch(/\tsomebody\t/);
  },

  async backfill() {
    expect((await run('backfill', ['--help'])).stdout).toMatch(/^Usage: rowferry backfill .*\n\nload every file/);
  },

  async load() {
    const fixtures = await setup();
    const [api] = await Promise.all([startApi(fixtures), startWorker(fixtures)]);
    const { stdout } = await run('load', [api.url, '1', '1', '--rows', '1']);
    expect(stdout).toMatch(/1 of 1 accepted, 1 imported/);
  },

  async generate() {
    const { stdout } = await run('generate', ['--rows', '2']);
    expect(stdout.trimEnd().split('\n')).toEqual([
      expect.stringContaining('email'),
      expect.stringContaining('@'),
      expect.stringContaining('@'),
    ]);
  },

  async 'build:console'() {
    const directory = await newDirectory();
    await run('build:console', [directory]);
    expect((await readdir(directory)).toSorted()).toEqual(['assets', 'icon.svg', 'index.html']);
  },

  async bundle() {
    const directory = await newDirectory();
    await run('bundle', [directory]);
    expect((await readdir(directory)).toSorted()).toEqual([...FUNCTIONS, 'image'].toSorted());
    for (const name of FUNCTIONS)
      expect(await readdir(join(directory, name))).toEqual(expect.arrayContaining(['index.mjs', 'index.mjs.map']));
  },

  async synth() {
    const env = { PATH: process.env.PATH, HOME: await newDirectory() };
    const [command = '', ...args] = [...withoutNetwork(), 'npm', 'run', '--silent', 'synth'];
    const { stdout } = await promisify(execFile)(command, args, { env });
    expect(stdout).toBe('the template is in dist/cdk/rowferry-dev.template.json\n');
    const template = await readFile('dist/cdk/rowferry-dev.template.json', 'utf8');
    expect(Object.keys(JSON.parse(template).Resources).length).toBeGreaterThan(100);
  },

  async deploy() {
    const ended = await runNpm(['run', '--silent', 'deploy', '--', '--stage', 'prod']);
    expect(ended).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^deploy: the stage prod needs a certificate/),
    });
  },

  async destroy() {
    const ended = await runNpm(['run', '--silent', 'destroy', '--', '--stage', 'prod']);
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringMatching(/^destroy: the stage prod keeps its data/) });
  },

  async cost() {
    const { stdout } = await run('cost', ['--rows-per-day', '1e6', '--stage', 'dev']);
    expect(stdout).toMatch(/^1,000,000 rows a day, stage dev: .*\n[\s\S]*in all +\$\d+/);
  },

  async release() {
    const { stdout } = await run('release', []);
    expect(stdout).toMatch(/^### Added\n\n.*^- /ms);
  },

  async 'keep:consumer'() {
    const directory = await newDirectory();
    await run('keep:consumer', [directory]);
    const kept = await readFile(join(directory, 'consumer.mjs'), 'utf8');
    expect(kept).toMatch(/^\/\/ Rowferry \d+\.\d+\.\d+, /);
    expect(kept).toMatch(/^export \{.*\bdeadLetterHandler, .*\bhandler, .*\bstatements\b.*\};$/m);
    expect(await readFile(join(directory, 'migrations.json'), 'utf8')).toMatch(
      /^ {2}"\d{14}_create_employees\.ts": "[0-9a-f]{64}",$/m,
    );
  },

  async format() {
    const directory = await newDirectory();
    for (const name of ['package.json', 'biome.json', '.gitignore'])
      await writeFile(join(directory, name), await readFile(name));
    await symlink(resolve('node_modules'), join(directory, 'node_modules'));
    await mkdir(join(directory, 'src'));
    await writeFile(join(directory, 'src', 'messy.ts'), 'export   const one=1');
    await run('format', [], { cwd: directory });
    expect(await readFile(join(directory, 'src', 'messy.ts'), 'utf8')).toBe('export const one = 1;\n');
  },
};

test('every npm script is run by a test or by .ci/run', async () => {
  const scripts = Object.keys(await readScripts()).filter((name) => !BENCHMARK.test(name));
  expect([...Object.keys(SMOKE_TESTS), ...RUN_BY_CI, ...RUN_BY_WORKFLOW, ...RUN_BY_NPM].toSorted()).toEqual(
    scripts.toSorted(),
  );
});

test.for(RUN_BY_CI)('.ci/run runs npm run %s', async (name) => {
  const command = name === 'test' ? 'npm test' : `npm run --silent ${name}`;
  expect(await readFile('.ci/run', 'utf8')).toMatch(new RegExp(`${command}(\\s|$)`, 'm'));
});

test.for(RUN_BY_WORKFLOW)('the workflow runs npm run %s', async (name) => {
  expect(await readFile('.github/workflows/ci.yml', 'utf8')).toMatch(new RegExp(`run: npm run ${name}$`, 'm'));
});

test.for(Object.entries(SMOKE_TESTS))('npm run %s', { timeout: 5 * MINUTE }, ([, smokeTest]) => smokeTest());

async function run(script: string, args: string[], options: Parameters<typeof runNpm>[1] = {}): Promise<Ended> {
  const ended = await runNpm(['run', '--silent', script, '--', ...args], options);
  expect({ code: ended.code, stderr: ended.code === 0 ? '' : ended.stderr }).toEqual({ code: 0, stderr: '' });
  return ended;
}

/** What makes a command run in an empty network, on a machine that lets us; nothing on others. */
function withoutNetwork(): string[] {
  const ways = [
    ['unshare', '--net'],
    ['unshare', '--net', '--map-root-user'],
  ];
  return ways.find(([command = '', ...args]) => spawnSync(command, [...args, 'true']).status === 0) ?? [];
}

function expectStopped(ended: Ended): void {
  expect(ended).toMatchObject({ code: 0, stderr: '' });
}

async function newDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'rowferry-scripts-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
}
