import { readFile } from 'node:fs/promises';
import { buildApp } from 'fauxqs';

/**
 * The parts of fauxqs that we put together ourselves. Its own `startFauxqs` listens on every interface, commits each
 * write on its own and holds objects in memory; it exports nothing smaller than that and `buildApp`, so the stores are
 * loaded by file. The exact version is pinned in package.json and checked here: another one has to be looked at first.
 */
const TESTED_VERSION = '2.4.1';

type Stores = NonNullable<NonNullable<Parameters<typeof buildApp>[0]>['stores']>;
export type SqsStore = Stores['sqsStore'];
export type S3Store = Stores['s3Store'];
export type SnsStore = Stores['snsStore'];
export type SnsTopic = ReturnType<SnsStore['createTopic']>;
export type SnsSubscription = NonNullable<ReturnType<SnsStore['subscribe']>>;
/** What a store of topics tells of its changes. */
export type SnsPersistence = Pick<
  NonNullable<SnsStore['persistence']>,
  | 'insertTopic'
  | 'deleteTopic'
  | 'updateTopicAttributes'
  | 'updateTopicSubscriptionArns'
  | 'insertSubscription'
  | 'deleteSubscription'
  | 'updateSubscriptionAttributes'
>;
export type SqsQueue = ReturnType<SqsStore['createQueue']>;
export type SqsMessage = Parameters<SqsQueue['enqueue']>[0];
export type S3Persistence = NonNullable<S3Store['persistence']>;
export type S3Object = ReturnType<S3Store['headObject']>;
export type MultipartUpload = Parameters<S3Persistence['insertMultipartUpload']>[0];
export type MultipartPart = Parameters<S3Persistence['upsertMultipartPart']>[1];
export type ChecksumAlgorithm = NonNullable<S3Object['checksumAlgorithm']>;
export type EmulatorApp = ReturnType<typeof buildApp>;

/** An error that S3 clients understand. */
export type S3Error = Error & { readonly statusCode: number; toXml(): string };

export type Fauxqs = {
  readonly stores: Stores;
  readonly S3Error: new (code: string, message: string, statusCode: number) => S3Error;
  /** A message that is in no queue yet. */
  createMessage(body: string): SqsMessage;
  buildApp(): EmulatorApp;
};

/** Loads fauxqs, with fresh stores. Throws when the installed fauxqs is not the one that this was written for. */
export async function loadFauxqs(): Promise<Fauxqs> {
  const root = new URL('../', import.meta.resolve('fauxqs'));
  const { version }: { version: string } = JSON.parse(await readFile(new URL('package.json', root), 'utf8'));
  if (version !== TESTED_VERSION)
    throw new Error(`fauxqs ${version} is installed, but Rowferry is made for ${TESTED_VERSION}`);

  const load = async (file: string, name: string): Promise<unknown> =>
    Reflect.get(await import(new URL(file, root).href), name);
  const SqsStore = requireClass<(new () => SqsStore) & { createMessage(body: string): SqsMessage }>(
    await load('dist/sqs/sqsStore.js', 'SqsStore'),
  );
  const SnsStore = requireClass<new () => Stores['snsStore']>(await load('dist/sns/snsStore.js', 'SnsStore'));
  const S3Store = requireClass<new () => S3Store>(await load('dist/s3/s3Store.js', 'S3Store'));
  const S3Error = requireClass<Fauxqs['S3Error']>(await load('dist/common/errors.js', 'S3Error'));
  allowAstralCharacters(await load('dist/sqs/sqsTypes.js', 'INVALID_MESSAGE_BODY_CHAR'));

  const stores = { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() };
  const createMessage = (body: string) => SqsStore.createMessage(body);
  return { stores, S3Error, createMessage, buildApp: () => buildApp({ logger: false, stores }) };
}

function requireClass<Class>(value: unknown): Class {
  if (typeof value !== 'function') throw new Error(`fauxqs ${TESTED_VERSION} is not built as expected`);
  return value as Class;
}

/**
 * SQS takes U+10000 to U+10FFFF (SendMessage in the SQS API reference), but fauxqs tests UTF-16 halves one by one and
 * refuses every emoji. Its pattern is a shared constant that is only ever used through `test`.
 */
function allowAstralCharacters(pattern: unknown): void {
  if (!(pattern instanceof RegExp)) throw new Error(`fauxqs ${TESTED_VERSION} is not built as expected`);
  // By unit and by what is not allowed, which takes a third of the time of a pattern that knows code points.
  const invalid = /[^\t\n\r\x20-\ufffd]/;
  pattern.test = (text) => !text.isWellFormed() || invalid.test(text);
}
