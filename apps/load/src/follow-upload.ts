import { setTimeout as delay } from 'node:timers/promises';
import { AnsweredError } from './answered-error.ts';

const PAUSE_MS = 1000;

/** Waits until every row of an upload has an outcome. @throws AnsweredError `failed` when the file could not be read. */
export async function followUpload(url: string, id: string, headers: Record<string, string>): Promise<true> {
  for (;;) {
    const response = await fetch(`${url}/v1/uploads/${id}/events`, { headers });
    if (response.status === 429 || response.status === 503) {
      // More follow than the server has room for: the file is imported all the same.
      await response.body?.cancel();
      await delay(Number(response.headers.get('retry-after') ?? 1) * 1000);
      continue;
    }
    if (!response.ok) throw new AnsweredError(`events: ${response.status}`);
    const last = await lastEvent(response);
    if (last === undefined) await delay(PAUSE_MS);
    else if (last.status === 'failed') throw new AnsweredError('failed');
    else return true;
  }
}

/** The upload as the `completed` event has it; undefined when the stream was cut before. */
async function lastEvent({ body }: Response): Promise<{ status: string } | undefined> {
  let text = '';
  for await (const chunk of (body ?? new ReadableStream<Uint8Array<ArrayBuffer>>()).pipeThrough(
    new TextDecoderStream(),
  )) {
    const events = (text + chunk).split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const [, data] = /^event: completed\ndata: (.*)$/m.exec(event) ?? [];
      if (data !== undefined) return JSON.parse(data) as { status: string };
    }
  }
  return undefined;
}
