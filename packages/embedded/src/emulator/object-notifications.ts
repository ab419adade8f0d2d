import type { DatabaseSync } from 'node:sqlite';
import type { EmulatorApp, Fauxqs, S3Object } from './fauxqs.ts';
import type { GroupCommit } from './group-commit.ts';

/** A queue that wants to hear of new objects of a bucket whose keys begin with `prefix`. */
type Subscription = { readonly bucket: string; readonly queueArn: string; readonly prefix: string };

const MAX_CONFIGURATION_BYTES = 64 * 1024;

/**
 * S3's notifications of created objects to queues: PutBucketNotificationConfiguration with `QueueConfiguration`, events
 * `s3:ObjectCreated:*` and at most a filter by prefix. A message goes into the queue in the same commit as the object into
 * the bucket, so that each object that was answered has one, whatever becomes of the object afterwards.
 */
export class ObjectNotifications {
  readonly #fauxqs: Fauxqs;
  readonly #commits: GroupCommit;
  readonly #statements;
  #subscriptions: Subscription[];
  /** Orders the events of one key, also across restarts (docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html). */
  #sequence = BigInt(Date.now()) * 1_000_000n;

  constructor(fauxqs: Fauxqs, database: DatabaseSync, commits: GroupCommit) {
    this.#fauxqs = fauxqs;
    this.#commits = commits;
    this.#statements = {
      load: database.prepare('select bucket, queue_arn, prefix from notifications'),
      clear: database.prepare('delete from notifications where bucket = ?'),
      insert: database.prepare('insert into notifications (bucket, queue_arn, prefix) values (?, ?, ?)'),
    };
    this.#subscriptions = this.#load();
  }

  /** Makes `subscriptions` those of the bucket. */
  replace(bucket: string, subscriptions: readonly Subscription[]): void {
    this.#commits.begin();
    this.#statements.clear.run(bucket);
    for (const { queueArn, prefix } of subscriptions) this.#statements.insert.run(bucket, queueArn, prefix);
    this.#subscriptions = this.#load();
  }

  /** To be called in the same turn in which the object is stored. */
  publish(bucket: string, object: S3Object): void {
    for (const { bucket: of, queueArn, prefix } of this.#subscriptions) {
      if (of !== bucket || !object.key.startsWith(prefix)) continue;
      const queue = this.#fauxqs.stores.sqsStore.getQueueByArn(queueArn);
      queue?.enqueue(this.#fauxqs.createMessage(JSON.stringify({ Records: [this.#eventOf(bucket, object)] })));
    }
  }

  #load(): Subscription[] {
    return this.#statements.load
      .all()
      .map((row) => ({ bucket: String(row.bucket), queueArn: String(row.queue_arn), prefix: String(row.prefix) }));
  }

  #eventOf(bucket: string, { key, contentLength, etag, lastModified, parts }: S3Object) {
    this.#sequence += 1n;
    return {
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      awsRegion: 'us-east-1',
      eventTime: lastModified.toISOString(),
      eventName: parts === undefined ? 'ObjectCreated:Put' : 'ObjectCreated:CompleteMultipartUpload',
      s3: {
        s3SchemaVersion: '1.0',
        bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` },
        object: {
          key: encodeKey(key),
          size: contentLength,
          eTag: etag.replaceAll('"', ''),
          sequencer: this.#sequence.toString(16).toUpperCase(),
        },
      },
    };
  }
}

/** Answers PutBucketNotificationConfiguration. */
export function addNotificationRoute(
  app: EmulatorApp,
  notifications: ObjectNotifications,
  { fauxqs, settled }: { fauxqs: Fauxqs; settled(): Promise<void> },
): void {
  const { s3Store, sqsStore } = fauxqs.stores;
  app.addHook('preHandler', async (request, reply) => {
    const { bucket, '*': key = '' } = Object(request.params);
    const isOurs = request.method === 'PUT' && key === '' && 'notification' in Object(request.query);
    if (!isOurs || typeof bucket !== 'string') return;
    const xml = Buffer.isBuffer(request.body) ? request.body.toString('utf8', 0, MAX_CONFIGURATION_BYTES) : '';
    reply.hijack();
    try {
      if (!s3Store.hasBucket(bucket))
        throw new fauxqs.S3Error('NoSuchBucket', 'The specified bucket does not exist', 404);
      const subscriptions = readConfiguration(bucket, xml, fauxqs);
      if (subscriptions.some(({ queueArn }) => sqsStore.getQueueByArn(queueArn) === undefined))
        throw new fauxqs.S3Error('InvalidArgument', 'Unable to validate the following destination configurations', 400);
      notifications.replace(bucket, subscriptions);
      await settled();
      reply.raw.end();
    } catch (error) {
      if (!(error instanceof fauxqs.S3Error)) throw error;
      reply.raw.writeHead(error.statusCode, { 'content-type': 'application/xml' }).end(error.toXml());
    }
  });
}

function readConfiguration(bucket: string, xml: string, { S3Error }: Fauxqs): Subscription[] {
  if (/<(TopicConfiguration|CloudFunctionConfiguration|EventBridgeConfiguration)\b/.test(xml))
    throw new S3Error('NotImplemented', 'Only queues can be notified', 501);
  return [...xml.matchAll(/<QueueConfiguration>([\s\S]*?)<\/QueueConfiguration>/g)].map(([, text = '']) => {
    const queueArn = /<Queue>([^<]+)<\/Queue>/.exec(text)?.[1];
    const events = [...text.matchAll(/<Event>([^<]+)<\/Event>/g)].map(([, event]) => event);
    if (queueArn === undefined || events.length !== 1 || events[0] !== 's3:ObjectCreated:*')
      throw new S3Error('NotImplemented', 'Only s3:ObjectCreated:* can be notified of', 501);
    const [, name, value = ''] = /<Name>([^<]+)<\/Name>\s*<Value>([^<]*)<\/Value>/.exec(text) ?? [];
    if (name !== undefined && name !== 'prefix')
      throw new S3Error('NotImplemented', 'Only a prefix can be filtered', 501);
    return { bucket, queueArn, prefix: value };
  });
}

/** Keys in S3 events are URL-encoded like form data: a space is a plus sign. */
function encodeKey(key: string): string {
  return encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+');
}
