import type { DirectUpload } from '@rowferry/aws';
import type { UnfinishedUpload } from '@rowferry/database';
import { ApiProblem } from '../../problems/api-problem.ts';

/** An upload whose parts S3 takes. */
export type OpenUpload = { address: DirectUpload; sizeBytes: number; expiresAt: Date };

/** @throws ApiProblem `upload_closed` when no part of its file is awaited from the client, or none any more. */
export function openUploadOf(upload: UnfinishedUpload): OpenUpload {
  const { bucket, key, multipartId, sizeBytes, expiresAt, isReceived, isExpired } = upload;
  if (isReceived) throw closed('Its file is stored already.');
  if (isExpired) throw closed('Its time is over, or it has failed.');
  if (multipartId === null || sizeBytes === null) throw closed('Its file is being received by this server.');
  return { address: { bucket, key, multipartId }, sizeBytes, expiresAt };
}

export function closed(detail: string): ApiProblem {
  return new ApiProblem('upload_closed', detail);
}
