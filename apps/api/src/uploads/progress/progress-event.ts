import { createHash } from 'node:crypto';
import type { UploadRecord, UploadStatus } from '@rowferry/database';
import { toUploadResource } from '../resource.ts';

/** An upload at one moment, ready to be sent to everybody who follows it. */
export type ProgressEvent = {
  /** Names the state and not the moment, so that it means the same to every process and after a restart. */
  id: string;
  /** Whether nothing more will come. */
  isLast: boolean;
  /** As the HTML standard has it (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
  text: string;
};

/** After these an upload changes no more by itself. */
const LAST: readonly UploadStatus[] = ['completed', 'completed_with_errors', 'failed'];

const ID_LENGTH = 16;

export function toProgressEvent(upload: UploadRecord): ProgressEvent {
  const resource = toUploadResource(upload, { naming: false });
  const data = JSON.stringify(resource);
  // The estimate changes with every moment.
  const state = JSON.stringify({ ...resource, estimatedSecondsLeft: null });
  const id = createHash('sha256').update(state).digest('base64url').slice(0, ID_LENGTH);
  const isLast = LAST.includes(upload.status);
  return { id, isLast, text: `id: ${id}\nevent: ${isLast ? 'completed' : 'progress'}\ndata: ${data}\n\n` };
}
