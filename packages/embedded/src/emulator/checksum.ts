import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { ChecksumAlgorithm } from './fauxqs.ts';

/** A checksum that a client sent with a body: its algorithm, and its value in base64. */
export type Checksum = { readonly algorithm: ChecksumAlgorithm; readonly value: string };

/** Those that fauxqs knows. Others (CRC32C, CRC64NVME, the default of the AWS CLI) are neither checked nor kept. */
const ALGORITHMS: readonly ChecksumAlgorithm[] = ['CRC32', 'SHA1', 'SHA256'];

export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

/** Finds the checksum among headers or trailers, looked up by lower-case name. */
export function findChecksum(lookup: (name: string) => string | undefined): Checksum | undefined {
  for (const algorithm of ALGORITHMS) {
    const value = lookup(checksumHeader(algorithm));
    if (value !== undefined) return { algorithm, value };
  }
  return undefined;
}

export type Digest = { update(chunk: Buffer): void; base64(): string };

export function startDigest(algorithm: ChecksumAlgorithm): Digest {
  if (algorithm === 'CRC32') return startCrc32();
  const hash = createHash(algorithm.toLowerCase());
  return { update: (chunk) => void hash.update(chunk), base64: () => hash.digest('base64') };
}

/** The checksum of a multipart object: that of its parts' checksums, with their number (S3 calls it COMPOSITE). */
export function compositeChecksum(algorithm: ChecksumAlgorithm, parts: readonly string[]): string {
  const digest = startDigest(algorithm);
  for (const part of parts) digest.update(Buffer.from(part, 'base64'));
  return `${digest.base64()}-${parts.length}`;
}

function startCrc32(): Digest {
  let value = 0;
  return {
    update(chunk) {
      value = crc32(chunk, value);
    },
    base64() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes.toString('base64');
    },
  };
}
