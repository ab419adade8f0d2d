import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { EmulatorCredentials } from './credentials.ts';
import type { EmulatorApp, Fauxqs } from './fauxqs.ts';
import type { RequestBodies } from './request-bodies.ts';
import { type Refusal, SignatureVerifier } from './signature.ts';

/** What is needed of fastify's reply. */
type Reply = { readonly raw: ServerResponse; hijack(): unknown };

/** Names by which this machine is reached. Any other is that of a foreign page that had its name resolved to 127.0.0.1. */
const LOOPBACK_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

/** The SQS operations that Rowferry, its tests and benchmarks, and `aws` on its behalf use. */
const QUEUE_OPERATIONS: ReadonlySet<string> = new Set([
  'ChangeMessageVisibility',
  'ChangeMessageVisibilityBatch',
  'CreateQueue',
  'DeleteMessage',
  'DeleteMessageBatch',
  'DeleteQueue',
  'GetQueueAttributes',
  'GetQueueUrl',
  'ListQueues',
  'ReceiveMessage',
  'SendMessage',
  'SendMessageBatch',
  'SetQueueAttributes',
]);

/** The same of SNS: what makes the topic and its subscriptions, and what publishes. */
const TOPIC_OPERATIONS: ReadonlySet<string> = new Set([
  'CreateTopic',
  'GetTopicAttributes',
  'ListSubscriptionsByTopic',
  'Publish',
  'PublishBatch',
  'SetSubscriptionAttributes',
  'Subscribe',
]);

/**
 * The same of S3, by route, method and the parameters that make an operation of its own: HeadBucket, CreateBucket,
 * PutBucketNotificationConfiguration, ListObjectsV2, ListBuckets; GetObject, HeadObject, PutObject, CopyObject, DeleteObject; and those of multipart uploads.
 */
const OBJECT_OPERATIONS: ReadonlySet<string> = new Set([
  'GET /',
  'PUT /:bucket',
  'PUT /:bucket notification',
  'HEAD /:bucket',
  'GET /:bucket list-type',
  'GET /:bucket/*',
  'HEAD /:bucket/*',
  'PUT /:bucket/*',
  'DELETE /:bucket/*',
  'POST /:bucket/* uploads',
  'GET /:bucket/* uploadId',
  'PUT /:bucket/* partNumber uploadId',
  'POST /:bucket/* uploadId',
  'DELETE /:bucket/* uploadId',
]);

/** Parameters that only say how an operation is carried out, or who asks. */
const OPTIONS =
  /^(x-id|prefix|delimiter|max-keys|continuation-token|start-after|encoding-type|fetch-owner|max-parts|part-number-marker|response-[\w-]+|x-amz-.+)$/i;

/**
 * Lets through what is meant for this emulator alone: requests that carry a signature with its keys, name this machine as
 * host, come from no web page but the console with a presigned part, and ask for an operation that is used. Everything else is a 403
 * before any work is done.
 *
 * Other users of the machine can connect to loopback ports, and so can every page in a browser: by forms and images, which
 * need no permission of the server, and under a name of its own that resolves to 127.0.0.1.
 */
export function addGuard(
  app: EmulatorApp,
  credentials: EmulatorCredentials,
  { S3Error }: Fauxqs,
  bodies: RequestBodies,
): void {
  const verifier = new SignatureVerifier(credentials);

  app.addHook('onRequest', async (request, reply) => {
    // A bucket's name may come with a slash behind it, which makes the route that of an object without a name.
    const isBucket = Object(request.params)['*'] === '';
    const route = isBucket ? '/:bucket' : (request.routeOptions.url ?? '');
    if (isFromConsole(request.raw)) {
      allowOrigin(request.raw, reply.raw);
      if (request.method === 'OPTIONS') return answerPreflight(reply);
    }
    const refusal = strangerRefusal(request.raw) ?? operationRefusal(request.raw, route);
    if (refusal !== undefined) return refuse(request.raw, reply, refusal);
    // Of these, what is signed is the body.
    if (isHealthCheck(request.raw, route) || isForQueues(request.raw) || isForTopics(request.raw)) return;
    const unsigned = await verifier.refusal(request.raw, 's3');
    if (unsigned !== undefined) return refuse(request.raw, reply, unsigned);
  });

  app.addHook('preParsing', async (request, reply, payload) => {
    const service = isForQueues(request.raw) ? 'sqs' : 'sns';
    if (service === 'sns' && !isForTopics(request.raw)) return payload;
    const body = await bodies.read(request.raw, payload);
    const refusal =
      body === undefined
        ? { code: 'RequestEntityTooLarge', message: 'The request is too large' }
        : ((service === 'sns' ? topicRefusal(body) : undefined) ??
          (await verifier.refusal(request.raw, service, body)));
    if (refusal !== undefined) {
      refuse(request.raw, reply, refusal);
      return payload;
    }
    const again = Readable.from(body === undefined ? [] : [body]);
    return Object.assign(again, { receivedEncodedLength: body?.length ?? 0 });
  });

  function answerPreflight(reply: Reply): void {
    reply.hijack();
    reply.raw.setHeader('access-control-allow-methods', 'PUT');
    reply.raw.setHeader('access-control-max-age', PREFLIGHT_SECONDS);
    reply.raw.writeHead(204).end();
  }

  function refuse(request: IncomingMessage, reply: Reply, refusal: Refusal): void {
    reply.hijack();
    const { type, text } = answerOf(request, refusal);
    // What is left of the body is not read.
    reply.raw.writeHead(403, { 'content-type': type, connection: 'close' }).end(text);
  }

  /** As each of the services says an error. */
  function answerOf(request: IncomingMessage, { code, message }: Refusal): { type: string; text: string } {
    if (isForQueues(request))
      return {
        type: 'application/x-amz-json-1.0',
        text: JSON.stringify({ __type: `com.amazonaws.sqs#${code}`, message }),
      };
    if (isForTopics(request))
      return {
        type: 'text/xml',
        text: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
      };
    return { type: 'application/xml', text: new S3Error(code, message, 403).toXml() };
  }
}

/** A page of this machine, on whatever port its API listens. */
const LOOPBACK_ORIGIN = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;
const PART_PARAMETERS = ['partNumber', 'uploadId', 'X-Amz-Signature'];
const PREFLIGHT_SECONDS = 600;

/**
 * Whether the console of this machine sends a part of a file, or its browser asks first whether it may (a CORS preflight, which
 * has no signature of its own). A presigned URL is good for that part alone, and the API gives it to nobody whom it does not
 * let in: of the pages that name a loopback origin, none can do more with it (docs/decisions/0024-console-large-files.md).
 */
function isFromConsole({ method, url = '/', headers }: IncomingMessage): boolean {
  const isPut = method === 'PUT' || (method === 'OPTIONS' && headers['access-control-request-method'] === 'PUT');
  if (!isPut || !LOOPBACK_ORIGIN.test(headers.origin ?? '') || !LOOPBACK_HOST.test(headers.host ?? '')) return false;
  const parameters = new URL(url, 'http://s3').searchParams;
  return PART_PARAMETERS.every((name) => parameters.has(name));
}

/** As the bucket's CORS rule on AWS does: the page may read the answer, and the part's ETag of its headers. */
function allowOrigin({ headers }: IncomingMessage, response: ServerResponse): void {
  response.setHeader('access-control-allow-origin', headers.origin ?? '');
  response.setHeader('access-control-expose-headers', 'ETag');
  response.setHeader('vary', 'Origin');
}

/** Browsers add Origin to everything but plain GETs of another site, and Sec-Fetch-Site to those too. */
function strangerRefusal(request: IncomingMessage): Refusal | undefined {
  const { headers } = request;
  const { host = '', origin } = headers;
  if (!LOOPBACK_HOST.test(host)) return { code: 'AccessDenied', message: 'The host is not this machine' };
  const isWebPage = origin !== undefined || /^(cross-site|same-site)$/.test(String(headers['sec-fetch-site']));
  return isWebPage && !isFromConsole(request)
    ? { code: 'AccessDenied', message: 'Requests of web pages are not answered' }
    : undefined;
}

function operationRefusal(request: IncomingMessage, route: string): Refusal | undefined {
  // Which operation of SNS it is, its body says.
  if (isHealthCheck(request, route) || isForTopics(request)) return undefined;
  const target = String(request.headers['x-amz-target']);
  const isKnown = isForQueues(request)
    ? target.startsWith('AmazonSQS.') && QUEUE_OPERATIONS.has(target.slice('AmazonSQS.'.length))
    : OBJECT_OPERATIONS.has(objectOperation(request, route));
  return isKnown ? undefined : NOT_OFFERED;
}

function topicRefusal(body: Buffer): Refusal | undefined {
  const actions = new URLSearchParams(body.toString()).getAll('Action');
  return actions.length === 1 && TOPIC_OPERATIONS.has(actions[0] ?? '') ? undefined : NOT_OFFERED;
}

const NOT_OFFERED: Refusal = { code: 'AccessDenied', message: 'This operation is not offered' };

function objectOperation({ method, url = '/' }: IncomingMessage, route: string): string {
  const parameters = [...new URL(url, 'http://s3').searchParams.keys()].filter((name) => !OPTIONS.test(name));
  return [method, route, ...new Set(parameters.sort())].join(' ');
}

function isForQueues({ method, url, headers }: IncomingMessage): boolean {
  return method === 'POST' && url === '/' && headers['content-type'] === 'application/x-amz-json-1.0';
}

function isForTopics({ method, url, headers }: IncomingMessage): boolean {
  return method === 'POST' && url === '/' && headers['content-type'] === 'application/x-www-form-urlencoded';
}

function isHealthCheck({ method }: IncomingMessage, route: string): boolean {
  return method === 'GET' && route === '/health';
}
