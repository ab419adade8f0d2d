import { readFile } from 'node:fs/promises';
import { subset } from 'semver';
import { expect, test } from 'vitest';
import { z } from 'zod';

/**
 * `npm ci` is the first command of the README, and every warning that it prints reads like a fault. It warns of a package
 * that does not admit the Node in use, and of one that is deprecated; the lock file knows both.
 */
const lockFile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      engines: z.object({ node: z.string().optional() }).optional(),
      deprecated: z.string().optional(),
    }),
  ),
});

const { packages } = lockFile.parse(JSON.parse(await readFile('package-lock.json', 'utf8')));

test('every package admits every Node that the project supports, so that installing it prints no warning', () => {
  const supported = packages['']?.engines?.node ?? '';
  expect(supported).not.toBe('');
  const tooNew = Object.entries(packages).filter(
    ([, { engines }]) => engines?.node !== undefined && !subset(supported, engines.node),
  );
  expect(tooNew.map(([path, { version, engines }]) => `${path}@${version} wants Node ${engines?.node}`)).toEqual([]);
});

test('no package is deprecated', () => {
  expect(Object.entries(packages).filter(([, { deprecated }]) => deprecated !== undefined)).toEqual([]);
});
