import {
  decodeMessage,
  decodeReadTask,
  keyOfUpload,
  type Message,
  type MessageOf,
  type ReadTask,
} from '@rowferry/messages';
import { type AwsFixtures, putObject, setupAws, sqsEvent, takeAll } from '@rowferry/testing';
import { createObjectHandler } from '../src/object-handler.ts';
import { createSegmentHandler } from '../src/segment-handler.ts';

export type ProducerFixtures = AwsFixtures & {
  handleObjects: ReturnType<typeof createObjectHandler>;
  handleSegments: ReturnType<typeof createSegmentHandler>;
  /** Bodies of what is in the row queue, taken out of it. */
  takeBodies(): Promise<string[]>;
  /** The same, decoded. */
  takeMessages(): Promise<Message[]>;
  takeTasks(): Promise<ReadTask[]>;
  /** Gives all segment tasks to the segment handler, one invocation each, and says which it reported as failed. */
  publishTasks(): Promise<string[]>;
  put(key: string, content: string | Uint8Array): ReturnType<typeof putObject>;
  /** Puts `staff.csv` as the API does. */
  putAsApi(id: string, content: string): ReturnType<typeof putObject>;
};

/** The producer's handlers on a bucket and queues of the test's own. */
export async function setupProducer({
  rowsPerMessage,
  maxUploadBytes = 64 * 1024 * 1024,
}: {
  rowsPerMessage?: number;
  maxUploadBytes?: number;
} = {}): Promise<ProducerFixtures> {
  const fixtures = await setupAws();
  const { s3, sqs, bucket, rowQueueUrl, segmentQueueUrl, log } = fixtures;
  const settings = { s3, sqs, rowQueueUrl, segmentQueueUrl, rowsPerMessage, maxUploadBytes, logger: log.logger };
  const handleSegments = createSegmentHandler(settings);
  const takeBodies = async () => (await takeAll(sqs, rowQueueUrl)).map(({ Body = '' }) => Body);
  return {
    ...fixtures,
    handleObjects: createObjectHandler(settings),
    handleSegments,
    takeBodies,
    takeMessages: async () => (await takeBodies()).map(decodeMessage),
    takeTasks: async () => (await takeAll(sqs, segmentQueueUrl)).map(({ Body = '' }) => decodeReadTask(Body)),
    async publishTasks() {
      const failed: string[] = [];
      for (const task of await takeAll(sqs, segmentQueueUrl)) {
        const { batchItemFailures } = await handleSegments(sqsEvent([task]));
        failed.push(...batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      }
      return failed;
    },
    put: (key, content) => putObject(s3, { bucket, key, content }),
    putAsApi: (uploadId, content) =>
      putObject(s3, { bucket, key: keyOfUpload(uploadId, 'staff.csv'), content, metadata: { 'upload-id': uploadId } }),
  };
}

/** Of messages, those of one type. */
export function only<T extends Message['type']>(messages: readonly Message[], type: T): MessageOf<T>[] {
  // A type guard over the union cannot be written for a type that is a parameter.
  return messages.filter((message) => message.type === type) as MessageOf<T>[];
}

export function rowsIn(messages: readonly Message[]) {
  return only(messages, 'rows')
    .flatMap(({ rows }) => rows)
    .toSorted((a, b) => a.line - b.line);
}
