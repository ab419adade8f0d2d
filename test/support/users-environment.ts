import { delimiter, join } from 'node:path';

/** What a user's shell has: not the test run's settings, and not its Node, but the machine's own. */
export function usersEnvironment(): Record<string, string> {
  const { PATH = '', HOME, TMPDIR, LANG } = process.env;
  const path = PATH.split(delimiter).filter((directory) => !directory.endsWith(join('node_modules', '.bin')));
  // Of somebody who works with AWS: `npm start` has no use for it.
  const AWS_PROFILE = 'has-expired';
  const given = { PATH: path.join(delimiter), HOME, TMPDIR, LANG, AWS_PROFILE };
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
