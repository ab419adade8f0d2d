import type { BufferPool } from './buffer-pool.ts';
import type { EmulatorApp, Fauxqs, SqsQueue, SqsStore } from './fauxqs.ts';
import type { GroupCommit } from './group-commit.ts';
import type { QueueJournal } from './queue-journal.ts';
import { encodeReceived, receivedMessages } from './received-messages.ts';
import type { RequestBodies } from './request-bodies.ts';
import { sendBatch } from './send-batch.ts';

const JSON_TYPE = 'application/x-amz-json-1.0';

export type QueueServices = {
  readonly fauxqs: Fauxqs;
  readonly journal: QueueJournal;
  readonly commits: GroupCommit;
  readonly bodies: RequestBodies;
  readonly pool: BufferPool;
};

/**
 * What fauxqs 2.4.1 lets slip around its SQS handlers:
 * - an answer waits until what it says is committed;
 * - a queue is known by its name, whatever the region: a run with another AWS_REGION must find its queues and dead-letter
 *   queues again;
 * - attributes that CreateQueue adds to an existing queue are kept;
 * - messages received for a client that is gone go back to the queue at once, instead of after their visibility timeout:
 *   a stopped poller leaves its long poll behind, and that would take the next ten messages with it.
 *
 * And what takes it long: bodies pass through as bytes, from the request to the disk and from there to the answer.
 */
export function addQueueRoutes(app: EmulatorApp, { fauxqs, journal, commits, bodies, pool }: QueueServices): void {
  const store = fauxqs.stores.sqsStore;
  // An empty host makes queue URLs out of the request's Host header; sqs.us-east-1.localhost does not resolve everywhere.
  store.host = '';
  store.getQueueByArn = (arn) => store.getQueueByName(arn.slice(arn.lastIndexOf(':') + 1));

  app.removeContentTypeParser(JSON_TYPE);
  app.addContentTypeParser(JSON_TYPE, (_request, _payload, done) => done(null));
  app.addHook('preHandler', async (request, reply) => {
    const body = request.headers['content-type'] === JSON_TYPE ? bodies.of(request.raw) : undefined;
    if (body === undefined) return;
    const answer = actionOf(request) === 'SendMessageBatch' ? sendBatch(body, fauxqs, journal) : undefined;
    if (answer === undefined) request.body = JSON.parse(body.toString());
    bodies.giveBack(request.raw);
    if (answer !== undefined) return reply.type(JSON_TYPE).send(JSON.stringify(answer));
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const action = actionOf(request);
    if (action === 'CreateQueue') keepAttributes(store, journal);
    const received = action === 'ReceiveMessage' ? receivedMessages(store, request.body, payload) : [];
    await commits.settled();
    if (received.length === 0) return payload;
    if (request.raw.socket.destroyed) {
      for (const { queue, handle } of received) takeBack(queue, journal, handle);
      return payload;
    }
    const answer = encodeReceived(received, journal, pool);
    reply.raw.once('finish', () => pool.giveBack(answer));
    return answer;
  });
}

function actionOf({ headers }: { headers: Record<string, unknown> }): string {
  return String(headers['x-amz-target'] ?? '').replace('AmazonSQS.', '');
}

function keepAttributes(store: SqsStore, journal: QueueJournal): void {
  for (const { name, attributes, lastModifiedTimestamp } of store.allQueues()) {
    journal.updateQueueAttributes(name, attributes, lastModifiedTimestamp);
  }
}

function takeBack(queue: SqsQueue, journal: QueueJournal, receiptHandle: string): void {
  const message = queue.inflightMessages.get(receiptHandle)?.message;
  if (message === undefined) return;
  message.approximateReceiveCount -= 1;
  journal.updateReceiveCount(message.messageId, message.approximateReceiveCount);
  queue.changeVisibility(receiptHandle, 0);
}
