import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { callerKey } from './caller-key.ts';

function keyOf(ip: string): string {
  return callerKey({ ip, socket: new Socket() });
}

test.for([
  ['192.0.2.7', '192.0.2.7:4711'],
  ['192.0.2.7', '::ffff:192.0.2.7'],
  ['192.0.2.7', '[::ffff:192.0.2.7]:4711'],
  ['2001:db8:1:2::1', '[2001:db8:1:2::1]:4711'],
  ['2001:db8:1:2::1', '[2001:db8:1:2::1]'],
  ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9'],
  ['fe80::1', 'fe80::1%eth0'],
])('%s and %s are one client', ([one = '', other = '']) => {
  expect(keyOf(other)).toBe(keyOf(one));
});

test.for([
  ['192.0.2.7', '192.0.2.8'],
  ['192.0.2.7', '2001:db8::7'],
  ['2001:db8:1:2::1', '2001:db8:1:3::1'],
])('%s and %s are two clients', ([one = '', other = '']) => {
  expect(keyOf(other)).not.toBe(keyOf(one));
});

test('what is no address at all does not make one of its own', () => {
  expect(keyOf('x')).toBe(keyOf('unknown'));
});
