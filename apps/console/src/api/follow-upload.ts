import { fetchWithKey } from './client.ts';
import { readEvent, type ServerEvent } from './server-event.ts';
import type { Upload } from './types.ts';

const SECOND = 1000;
const LONGEST_WAIT = 10 * SECOND;

/**
 * Follows an upload by server-sent events, with `fetch`, because EventSource cannot send a key. Comes back by itself when
 * the connection or the server is lost, until the last event.
 *
 * @param onConnection says whether events come in.
 */
export async function followUpload(
  id: string,
  signal: AbortSignal,
  { onUpload, onConnection }: { onUpload: (upload: Upload) => void; onConnection: (isUp: boolean) => void },
): Promise<void> {
  let lastId: string | undefined;
  for (let wait = SECOND; !signal.aborted; wait = Math.min(2 * wait, LONGEST_WAIT)) {
    try {
      for await (const event of events(id, lastId, signal)) {
        onConnection(true);
        wait = SECOND;
        if (event.id !== undefined) lastId = event.id;
        // The credentials have ended; the next request says whether they can be renewed.
        if (event.name === 'refused') break;
        onUpload(JSON.parse(event.data) as Upload);
        if (event.name === 'completed') return;
      }
    } catch (error) {
      if (error instanceof StoppedError) return;
    }
    if (signal.aborted) return;
    onConnection(false);
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

/** The server answered, and will not send events. */
class StoppedError extends Error {}

async function* events(id: string, lastId: string | undefined, signal: AbortSignal): AsyncGenerator<ServerEvent> {
  const headers: Record<string, string> = lastId === undefined ? {} : { 'Last-Event-ID': lastId };
  const response = await fetchWithKey(`/v1/uploads/${id}/events`, { headers, signal });
  if (response.status === 204 || (response.status >= 400 && response.status < 500 && response.status !== 429))
    throw new StoppedError();
  if (!response.ok || response.body === null) throw new Error(`events were answered ${response.status}`);
  let text = '';
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    text += read.value;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = readEvent(block);
      if (event !== undefined) yield event;
    }
  }
}
