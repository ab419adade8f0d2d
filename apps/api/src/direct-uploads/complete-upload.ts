import type { S3Client } from '@aws-sdk/client-s3';
import { completeDirectUpload, PartsRefusedError, type SentPart } from '@rowferry/aws';
import { type Database, findUnfinishedUpload, receiveUpload } from '@rowferry/database';
import { ApiProblem, type ParameterError } from '../problems/catalogue.ts';
import { planParts } from './plan.ts';

/** Parts named in one answer. */
const ERRORS_MAX = 20;

/**
 * Makes the parts of an upload its file. Of an upload that has its file already, nothing changes.
 *
 * @throws ApiProblem `upload_not_found`, `parts_missing`, `upload_closed`
 */
export async function completeUpload(
  { database, s3 }: { database: Database; s3: S3Client },
  id: string,
  sent: readonly SentPart[],
): Promise<void> {
  const upload = await findUnfinishedUpload(database, id);
  if (upload === undefined) throw new ApiProblem('upload_not_found', `There is no upload ${id}.`);
  const { bucket, key, multipartId, sizeBytes, isReceived, isExpired } = upload;
  if (isReceived) return;
  if (isExpired) throw closed('Its time is over, or it has failed.');
  if (multipartId === null || sizeBytes === null) throw closed('Its file is being received by this server.');
  const parts = inOrder(sent, planParts(sizeBytes).length);
  const stored = await completeDirectUpload(s3, { bucket, key, multipartId }, parts).catch((error: unknown) => {
    if (error instanceof PartsRefusedError)
      throw missing('S3 does not have all of these parts, or has others in their place.', []);
    throw error;
  });
  if (stored === undefined) throw closed('S3 does not know it any more.');
  await receiveUpload(database, id, { ...stored, sha256: null });
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
  if (errors.length > 0) throw missing(`The plan has ${count} parts.`, errors.slice(0, ERRORS_MAX));
  return sent.toSorted((a, b) => a.partNumber - b.partNumber);
}

function missing(detail: string, errors: ParameterError[]): ApiProblem {
  return new ApiProblem('parts_missing', detail, { errors });
}

function closed(detail: string): ApiProblem {
  return new ApiProblem('upload_closed', detail);
}
