import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What is copied: all that the project runs on. */
const FOLDERS = ['apps', 'packages', 'migrations', 'bench', 'infra', 'test', 'docs', 'examples'];

export type CopiedTree = {
  path(file: string): string;
  /** Runs a program in the copy. @throws with what it printed, when it ends with another code than 0. */
  run(program: string, ...args: string[]): Promise<string>;
};

/**
 * A copy of this project to make changes in, with the installed dependencies but with its own packages in their place.
 * Removed at the end of the test.
 */
export async function copyTree(): Promise<CopiedTree> {
  const copy = await mkdtemp(join(tmpdir(), 'rowferry-copy-'));
  onTestFinished(() => rm(copy, { recursive: true, force: true }));
  const files = (await readdir(ROOT, { withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
  await Promise.all(
    [...FOLDERS, ...files].map((name) =>
      cp(join(ROOT, name), join(copy, name), { recursive: true, filter: (path) => !path.endsWith('node_modules') }),
    ),
  );
  await linkDependencies(join(ROOT, 'node_modules'), join(copy, 'node_modules'), copy);
  return {
    path: (file) => join(copy, file),
    async run(program, ...args) {
      const options = {
        cwd: copy,
        env: { ...process.env, PATH: `${join(copy, 'node_modules/.bin')}:${process.env.PATH}` },
      };
      const { stdout } = await promisify(execFile)(program, args, options).catch(
        (error: { stdout: string; message: string }) => {
          throw new Error(`${program} ${args.join(' ')}: ${error.message}\n${error.stdout}`);
        },
      );
      return stdout;
    },
  };
}

/** Links to what is installed; the project's own packages, which are links there already, lead to the copy. */
async function linkDependencies(from: string, to: string, copy: string): Promise<void> {
  await mkdir(to);
  for (const name of await readdir(from)) {
    if (name !== '@rowferry') await symlink(join(from, name), join(to, name));
  }
  await mkdir(join(to, '@rowferry'));
  for (const folder of ['apps', 'packages']) {
    for (const name of await readdir(join(copy, folder))) {
      const link = join(to, '@rowferry', name);
      await symlink(relative(dirname(link), join(copy, folder, name)), link);
    }
  }
}
