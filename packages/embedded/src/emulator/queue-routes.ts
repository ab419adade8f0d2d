import type { EmulatorApp, SqsQueue, SqsStore } from './fauxqs.ts';
import type { GroupCommit } from './group-commit.ts';
import type { QueueJournal } from './queue-journal.ts';

/**
 * What fauxqs 2.4.1 lets slip around its SQS handlers:
 * - an answer waits until what it says is committed;
 * - a queue is known by its name, whatever the region: a run with another AWS_REGION must find its queues and dead-letter
 *   queues again;
 * - attributes that CreateQueue adds to an existing queue are kept;
 * - messages received for a client that is gone go back to the queue at once, instead of after their visibility timeout:
 *   a stopped poller leaves its long poll behind, and that would take the next ten messages with it.
 */
export function addQueueRoutes(app: EmulatorApp, store: SqsStore, journal: QueueJournal, commits: GroupCommit): void {
  // An empty host makes queue URLs out of the request's Host header; sqs.us-east-1.localhost does not resolve everywhere.
  store.host = '';
  store.getQueueByArn = (arn) => store.getQueueByName(arn.slice(arn.lastIndexOf(':') + 1));

  app.addHook('onSend', async (request, _reply, payload) => {
    const action = String(request.headers['x-amz-target'] ?? '').replace('AmazonSQS.', '');
    if (action === 'CreateQueue') keepAttributes(store, journal);
    if (action === 'ReceiveMessage' && request.raw.socket.destroyed) takeBack(store, journal, request.body, payload);
    await commits.settled();
    return payload;
  });
}

function keepAttributes(store: SqsStore, journal: QueueJournal): void {
  for (const { name, attributes, lastModifiedTimestamp } of store.allQueues()) {
    journal.updateQueueAttributes(name, attributes, lastModifiedTimestamp);
  }
}

function takeBack(store: SqsStore, journal: QueueJournal, body: unknown, payload: unknown): void {
  const queue = store.getQueue(String(Object(body).QueueUrl));
  const messages: unknown = typeof payload === 'string' ? Object(JSON.parse(payload)).Messages : undefined;
  if (queue === undefined || !Array.isArray(messages)) return;
  for (const message of messages) takeBackOne(queue, journal, String(Object(message).ReceiptHandle));
}

function takeBackOne(queue: SqsQueue, journal: QueueJournal, receiptHandle: string): void {
  const message = queue.inflightMessages.get(receiptHandle)?.message;
  if (message === undefined) return;
  message.approximateReceiveCount -= 1;
  journal.updateReceiveCount(message.messageId, message.approximateReceiveCount);
  queue.changeVisibility(receiptHandle, 0);
}
