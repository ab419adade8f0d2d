import { PARTS_MAX } from '../../limits.ts';

const MIB = 1024 * 1024;
/** Small enough to send a part that broke off again, and above the 5 MiB that S3 wants. */
const PART_BYTES = 8 * MIB;

export type PlannedPart = { partNumber: number; sizeBytes: number };

/** How a file is cut into parts: all of the same size, a whole number of MiB, but the last. */
export function planParts(sizeBytes: number): PlannedPart[] {
  const partBytes = Math.max(PART_BYTES, Math.ceil(sizeBytes / PARTS_MAX / MIB) * MIB);
  const count = Math.ceil(sizeBytes / partBytes);
  return Array.from({ length: count }, (_, index) => ({
    partNumber: index + 1,
    sizeBytes: Math.min(partBytes, sizeBytes - index * partBytes),
  }));
}
