import type { LookupAddress } from 'node:dns';
import { expect, test } from 'vitest';
import { AddressRefusedError, guardedLookup, type Resolve } from './guarded-lookup.ts';
import { isPublicAddress } from './public-address.ts';

const PUBLIC = { address: '1.1.1.1', family: 4 };
const PUBLIC_6 = { address: '2606:4700:4700::1111', family: 6 };
const PRIVATE = { address: '169.254.169.254', family: 4 };

function lookUp(resolve: Resolve, options: { all?: boolean } = {}) {
  return new Promise<{ address: string | LookupAddress[]; family?: number | undefined }>((resolved, rejected) =>
    guardedLookup(isPublicAddress, resolve)('hooks.example', options, (error, address, family) =>
      error === null ? resolved({ address, family }) : rejected(error),
    ),
  );
}

test('of several addresses a connection gets those that are public', async () => {
  const resolve = async () => [PRIVATE, PUBLIC, PUBLIC_6];
  expect(await lookUp(resolve, { all: true })).toEqual({ address: [PUBLIC, PUBLIC_6] });
  expect(await lookUp(resolve)).toEqual(PUBLIC);
});

test('a name with private addresses, or none, gives none', async () => {
  for (const found of [[PRIVATE], []])
    for (const all of [true, false])
      await expect(lookUp(async () => found, { all })).rejects.toBeInstanceOf(AddressRefusedError);
});

test('each connection has the name looked up once, and again the next time', async () => {
  const answers = [[PUBLIC], [PRIVATE]];
  const resolve = async () => answers.shift() ?? [];
  expect(await lookUp(resolve)).toEqual(PUBLIC);
  await expect(lookUp(resolve)).rejects.toBeInstanceOf(AddressRefusedError);
  expect(answers).toEqual([]);
});

test('an error of the resolver is passed on', async () => {
  const error = Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
  await expect(lookUp(() => Promise.reject(error))).rejects.toBe(error);
});
