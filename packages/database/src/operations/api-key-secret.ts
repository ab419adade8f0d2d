import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** An API key reads `rf_<id>_<secret>`; the prefix lets secret scanners find one that got into a repository. */
const API_KEY = /^rf_(?<id>[0-9a-f]{16})_[\w-]{43}$/;
const ID_BYTES = 8;
/** 256 bits: nothing is gained by a slow hash, which is for passwords that people choose. */
const SECRET_BYTES = 32;

export type GeneratedKey = { id: string; key: string; hash: Buffer };

/** A new API key. `key` is shown once, to its owner; Postgres keeps `id` and `hash`. */
export function generateApiKey(): GeneratedKey {
  const id = randomBytes(ID_BYTES).toString('hex');
  const key = `rf_${id}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  return { id, key, hash: hashOf(key) };
}

/** The id in an API key; undefined when it is not the form of one. */
export function idOfApiKey(key: string): string | undefined {
  return API_KEY.exec(key)?.groups?.id;
}

/** Whether the hash is that of the key, in constant time. */
export function isHashOf(hash: Buffer, key: string): boolean {
  return timingSafeEqual(hash, hashOf(key));
}

function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
