import type { S3Client } from '@aws-sdk/client-s3';
import {
  completeDirectUpload,
  listStoredParts,
  PartsRefusedError,
  type SentPart,
  type StoredPart,
  unquoted,
} from '@rowferry/aws';
import { type Database, findUnfinishedUpload, receiveUpload } from '@rowferry/database';
import { ApiProblem, type ParameterError } from '../../problems/api-problem.ts';
import { requireUpload } from '../require-upload.ts';
import { closed, openUploadOf } from './open-upload.ts';
import { type PlannedPart, planParts } from './plan.ts';

/**
 * Makes the parts of an upload its file. Of an upload that has its file already, nothing changes. When it is refused for
 * its parts, they stay as they are: the client can send what is wrong again.
 *
 * @throws ApiProblem `upload_not_found`, `parts_missing`, `size_mismatch`, `upload_closed`
 */
export async function completeUpload(
  { database, s3 }: { database: Database; s3: S3Client },
  id: string,
  sent: readonly SentPart[],
): Promise<void> {
  const upload = await requireUpload(id, findUnfinishedUpload(database, id));
  if (upload.isReceived) return;
  const { address, sizeBytes } = openUploadOf(upload);
  const plan = planParts(sizeBytes);
  const parts = inOrder(sent, plan.length);
  const inS3 = await listStoredParts(s3, address);
  // Unknown to S3 is also one that was completed by a request whose answer was lost. An S3 that cannot list is believed.
  if (inS3 !== undefined) {
    checkETags(parts, inS3);
    checkSizes(plan, inS3);
  }
  // A part that is replaced from here on has another ETag, so S3 refuses it.
  const stored = await completeDirectUpload(s3, address, parts).catch((error: unknown) => {
    if (error instanceof PartsRefusedError) throw notInS3([]);
    throw error;
  });
  if (stored === undefined) throw closed('S3 does not know it any more.');
  await receiveUpload(database, id, { ...stored, sha256: null });
}

/** @throws ApiProblem `parts_missing` when S3 does not have just these parts. */
function checkETags(parts: readonly SentPart[], inS3: ReadonlyMap<number, StoredPart>): void {
  const errors = parts.flatMap(({ partNumber, etag }): ParameterError[] => {
    const part = inS3.get(partNumber);
    if (part?.etag === unquoted(etag)) return [];
    const message = part === undefined ? 'is not in S3' : 'is in S3 with another ETag';
    return [{ parameter: `part ${partNumber}`, message }];
  });
  if (errors.length > 0) throw notInS3(errors);
}

/**
 * The URLs of the plan are signed for the size of each part, but not every S3 holds a client to what is signed.
 *
 * @throws ApiProblem `size_mismatch` when a part in S3 is longer or shorter than planned.
 */
function checkSizes(plan: readonly PlannedPart[], inS3: ReadonlyMap<number, StoredPart>): void {
  let [announced, found] = [0, 0];
  const errors: ParameterError[] = [];
  for (const { partNumber, sizeBytes } of plan) {
    const size = inS3.get(partNumber)?.sizeBytes ?? 0;
    announced += sizeBytes;
    found += size;
    if (size !== sizeBytes)
      errors.push({ parameter: `part ${partNumber}`, message: `has ${size} bytes in S3, but must have ${sizeBytes}` });
  }
  if (errors.length === 0) return;
  const detail =
    `${announced} bytes were announced, and the parts in S3 have ${found}. Send the parts that errors names again and ` +
    'complete again, or, if the file has another size than was announced, begin a new upload.';
  throw new ApiProblem('size_mismatch', detail, { errors: errors });
}

/** The parts as S3 wants them. @throws ApiProblem `parts_missing` when they are not just those of the plan. */
function inOrder(sent: readonly SentPart[], count: number): SentPart[] {
  const byNumber = Map.groupBy(sent, ({ partNumber }) => partNumber);
  const errors: ParameterError[] = [];
  for (let number = 1; number <= count; number++) {
    const named = byNumber.get(number)?.length ?? 0;
    if (named !== 1)
      errors.push({ parameter: `part ${number}`, message: named === 0 ? 'is missing' : 'is named more than once' });
  }
  for (const number of byNumber.keys()) {
    if (number > count) errors.push({ parameter: `part ${number}`, message: 'is not in the plan' });
  }
  if (errors.length > 0) throw missing(`The plan has ${count} parts.`, errors);
  return sent.toSorted((a, b) => a.partNumber - b.partNumber);
}

function notInS3(errors: readonly ParameterError[]): ApiProblem {
  return missing('S3 does not have all of these parts, or has others in their place.', errors);
}

function missing(detail: string, errors: readonly ParameterError[]): ApiProblem {
  return new ApiProblem('parts_missing', detail, { errors: errors });
}
