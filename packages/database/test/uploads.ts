import { someFacts } from '@rowferry/testing';

/** What the API says of a file that it stored. */
export const STORED = { sizeBytes: 1000, sha256: 'ab'.repeat(32), etag: 'e7a9' };

/** What the producer says of a file in so many segments. */
export function facts(segments: number) {
  const detected = { delimiter: ';', encoding: 'utf-8', bom: true, header: true };
  return someFacts({ segments, detected, ignoredColumns: ['Gehalt'] });
}
