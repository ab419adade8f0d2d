import type { BatchSender } from '@rowferry/aws';
import { readRows } from '@rowferry/employee-file';
import { encodeBody, MESSAGE_VERSION, type Message, type SegmentTask } from '@rowferry/messages';
import { ValueWarnings } from '@rowferry/roster';
import { RowPacker } from './row-packer.ts';

/**
 * Sends every row of a segment, then how many there were. All of it has been taken by SQS when this returns; when it
 * throws, some may have been, and sending the segment again does no harm.
 */
export async function sendSegment(sender: BatchSender, task: SegmentTask, bytes: Uint8Array): Promise<void> {
  const packer = new RowPacker({
    uploadId: task.upload.id,
    segment: task.segment,
    rowsPerMessage: task.rowsPerMessage,
  });
  const warnings = new ValueWarnings();
  let rows = 0;
  for await (const batch of readRows(task, bytes)) {
    for (const row of batch) {
      warnings.see(row);
      const body = packer.add(row);
      if (body !== undefined) await sender.send(body);
    }
    rows += batch.length;
  }
  const rest = packer.take();
  if (rest !== undefined) await sender.send(rest);
  await sender.flush();
  // Only now: a total that is told before its rows are sent would be wrong if sending broke off in between.
  const finished: Message = {
    v: MESSAGE_VERSION,
    type: 'segment.finished',
    uploadId: task.upload.id,
    segment: task.segment,
    rows,
    warnings: warnings.list(),
  };
  await sender.send(encodeBody(finished));
  await sender.flush();
}
