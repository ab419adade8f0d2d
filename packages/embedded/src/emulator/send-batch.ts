import type { Fauxqs, SqsStore } from './fauxqs.ts';
import type { QueueJournal } from './queue-journal.ts';
import { type JsonText, splitJson } from './split-json.ts';

const ENTRY_ID = /^[\w-]{1,80}$/;
const MAX_ENTRIES = 10;
/** Of all messages of a batch (SendMessageBatch in the SQS API reference). */
const MAX_BATCH_BYTES = 1024 * 1024;

type Sent = { readonly Id: string; readonly text: JsonText };

/**
 * Carries out a SendMessageBatch of the usual kind without making strings of the bodies: of a standard queue without a delay,
 * whose messages have no attributes. They are nine tenths of what an import sends.
 *
 * @returns the answer; undefined when it is another one, or has to be refused: fauxqs knows how, and nothing has been done
 */
export function sendBatch(request: Buffer, fauxqs: Fauxqs, journal: QueueJournal): object | undefined {
  const split = splitJson(request, 'MessageBody');
  const { QueueUrl, Entries, ...others } = Object(split?.rest);
  if (split === undefined || typeof QueueUrl !== 'string' || Object.keys(others).length > 0) return undefined;
  const queue = usualQueue(fauxqs.stores.sqsStore, QueueUrl);
  const sent = usualEntries(Entries, split.texts);
  if (queue === undefined || sent === undefined) return undefined;
  if (sent.some(({ text }) => text.length > Number(queue.attributes.MaximumMessageSize))) return undefined;
  const Successful = sent.map(({ Id, text }) => {
    const message = { ...fauxqs.createMessage(''), md5OfBody: text.md5 };
    journal.enqueue(queue, message, text.json);
    return { Id, MessageId: message.messageId, MD5OfMessageBody: text.md5 };
  });
  return { Successful, Failed: [] };
}

function usualQueue(store: SqsStore, queueUrl: string) {
  const queue = store.getQueue(queueUrl);
  return queue?.isFifo() || Number(queue?.attributes.DelaySeconds) > 0 ? undefined : queue;
}

/** Undefined unless each entry has an id of its own, the text with its number, and nothing else. */
function usualEntries(entries: unknown, texts: readonly JsonText[]): Sent[] | undefined {
  if (!Array.isArray(entries) || entries.length !== texts.length) return undefined;
  if (entries.length === 0 || entries.length > MAX_ENTRIES) return undefined;
  const sent: Sent[] = [];
  for (const [index, text] of texts.entries()) {
    const { Id, MessageBody, ...others } = Object(entries[index]);
    if (typeof Id !== 'string' || !ENTRY_ID.test(Id) || MessageBody !== index || Object.keys(others).length > 0)
      return undefined;
    sent.push({ Id, text });
  }
  const isDistinct = new Set(sent.map(({ Id }) => Id)).size === sent.length;
  const bytes = sent.reduce((sum, { text }) => sum + text.length, 0);
  return isDistinct && bytes <= MAX_BATCH_BYTES ? sent : undefined;
}
