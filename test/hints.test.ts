import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { expect, test } from 'vitest';
import { newDataDir, npmStart, runNpmStart } from './support/npm-start.ts';
import { usersEnvironment } from './support/users-environment.ts';

const MINUTE = 60_000;
const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** A command of this project, as a text names it. */
const COMMAND =
  /\b(?:npm (?:start|test|ci|run [\w:-]+)|npx [\w:]+|rowferry (?:start|api|worker|migrate|keys))\b[^"'`;,.)]*/g;

/** Names of commands in usages of commander, which are no hints. */
const USAGES = /^(apps\/(cli|load)\/src\/|infra\/|bench\/)/;

/** Every command in the texts of the source, and in which files. */
function hintsInSource(): Map<string, string[]> {
  const files = execFileSync('git', ['ls-files', '*.ts'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
  const hints = new Map<string, string[]>();
  for (const file of files) {
    if (/(^|\/)test\/|\.test\.ts$/.test(file) || USAGES.test(file)) continue;
    for (const text of textsOf(file))
      for (const [command] of text.matchAll(COMMAND)) {
        const found = command.trim();
        hints.set(found, [...(hints.get(found) ?? []), file]);
      }
  }
  return hints;
}

/** The string and template literals of a file, without its comments. */
function textsOf(file: string): string[] {
  const texts: string[] = [];
  const { program } = parseSync(file, readFileSync(`${ROOT}/${file}`, 'utf8'));
  JSON.stringify(program, (_, node) => {
    if (node?.type === 'Literal' && typeof node.value === 'string') texts.push(node.value);
    if (node?.type === 'TemplateElement') texts.push(node.value.cooked ?? '');
    return typeof node === 'bigint' ? String(node) : node;
  });
  return texts;
}

/** What each command that a text names is run for. */
const RUN_BY: Record<string, string> = {
  'npm run keys -- create --name <name>': 'below',
  'rowferry keys list': 'apps/api/src/access/manage-keys.test.ts',
  'npm start': 'below',
  'npm run migrate': 'test/scripts.test.ts',
  'rowferry migrate': 'test/rowferry-command.test.ts',
  'npm ci': '.ci/run',
};

test('every command that a text of the source names is run by a test', () => {
  const hints = hintsInSource();
  expect(hints.size).toBeGreaterThan(2);
  const notRun = [...hints].filter(([command]) => RUN_BY[command] === undefined);
  expect(notRun).toEqual([]);
});

test('what HOST=0.0.0.0 npm start tells to do without a key can be done as it is told, and then it starts', {
  timeout: 4 * MINUTE,
}, async () => {
  const environment = { DATA_DIR: await newDataDir(), PORT: '0', HOST: '0.0.0.0' };
  const refused = await runNpmStart(environment).exited;
  expect(refused.code).toBe(1);
  const [, hint = ''] = /make one with "(.*)"/.exec(refused.output) ?? [];
  expect(RUN_BY[hint]).toBe('below');

  const made = await shell(hint.replace('<name>', 'payroll'), environment);
  expect({ code: made.code, key: made.stdout }).toEqual({ code: 0, key: expect.stringMatching(/\brf_\w+/) });
  const listed = await shell('npm run --silent keys -- list', environment);
  expect(listed.stdout).toMatch(/\tpayroll\t/);

  const started = await npmStart(environment);
  const key = /\brf_\S+/.exec(made.stdout)?.[0];
  const answer = await fetch(`${started.api}/v1/uploads`, { headers: { authorization: `Bearer ${key}` } });
  expect(answer.status).toBe(200);
  // Beside a run, the key is made in the database of the run.
  expect((await shell('npm run --silent keys -- list', environment)).stdout).toBe(listed.stdout);
});

function shell(command: string, environment: Record<string, string>) {
  return new Promise<{ code: number; stdout: string }>((resolve) => {
    const options = { cwd: ROOT, env: { ...usersEnvironment(), ...environment } };
    execFile('sh', ['-c', command], options, (error, stdout) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout });
    });
  });
}
