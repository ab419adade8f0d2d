import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import type { EmulatorCredentials } from './credentials.ts';

/** Why a request is refused, with one of AWS's own error codes. */
export type Refusal = { readonly code: string; readonly message: string };

/** What a request says of its signature, in its Authorization header or in its query. */
type Claim = {
  readonly accessKeyId: string;
  readonly day: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: Set<string>;
  readonly signature: string;
  readonly date: Date;
  /** Seconds from `date`; undefined: signed in a header, for now. */
  readonly expiresIn: number | undefined;
};

type Query = Record<string, string | string[]>;

/** How far a client's clock may be off (docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html, RequestTimeTooSkewed). */
const MAX_SKEW_MS = 15 * 60 * 1000;
/** Longest life of a presigned URL (docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html). */
const MAX_EXPIRES_SECONDS = 7 * 24 * 60 * 60;

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 +Credential=([^/]+)\/(\d{8})\/([\w-]+)\/(\w+)\/aws4_request, *SignedHeaders=([\w;-]+), *Signature=([0-9a-f]{64})$/;
const CREDENTIAL = /^([^/]+)\/(\d{8})\/([\w-]+)\/(\w+)\/aws4_request$/;
const DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** The hash of the body, or a word such as UNSIGNED-PAYLOAD. Clients of SQS may leave it out. */
const HASH_HEADER = 'x-amz-content-sha256';

class Sha256 extends Hash {
  constructor(secret?: ConstructorParameters<typeof Hash>[1]) {
    super('sha256', secret);
  }
}

/**
 * Checks AWS Signature Version 4, in headers and in presigned URLs, by signing again what the client signed
 * (docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html).
 *
 * To compare the access key id would be less work and not enough: every presigned URL shows it, so that whoever may send
 * one part of one file could read all files and write to all queues.
 */
export class SignatureVerifier {
  readonly #accessKeyId: string;
  readonly #signers: ReadonlyMap<string, SignatureV4>;

  constructor(credentials: EmulatorCredentials) {
    this.#accessKeyId = credentials.accessKeyId;
    const options = { credentials, region: 'us-east-1', sha256: Sha256, applyChecksum: false };
    this.#signers = new Map(
      // Only S3 signs the path as it is sent.
      ['s3', 'sqs', 'sns'].map((service) => [
        service,
        new SignatureV4({ ...options, service, uriEscapePath: service !== 's3' }),
      ]),
    );
  }

  /**
   * Why `request` is refused; undefined when it is signed with our keys. `body`: of a request to SQS or SNS; that of an object is
   * a stream, and bound to the signature by its length, when that is signed, and by the checksums that the client sends.
   */
  async refusal(request: IncomingMessage, service: 's3' | 'sqs' | 'sns', body?: Buffer): Promise<Refusal | undefined> {
    const query = queryOf(request);
    const claim = claimOf(request.headers, query);
    if (claim === undefined) return { code: 'AccessDenied', message: 'The request is not signed' };
    if (claim.accessKeyId !== this.#accessKeyId)
      return { code: 'InvalidAccessKeyId', message: 'The access key id is not that of this data directory' };
    const untimely = untimelyRefusal(claim);
    if (untimely !== undefined) return untimely;
    const unsigned = Object.keys(request.headers).find(
      (name) => (name === 'host' || name.startsWith('x-amz-')) && !claim.signedHeaders.has(name),
    );
    if (unsigned !== undefined) return { code: 'AccessDenied', message: `The header ${unsigned} is not signed` };
    const bodyHash = request.headers[HASH_HEADER];
    if (body !== undefined && bodyHash !== undefined && bodyHash !== hash('sha256', body))
      return { code: 'InvalidSignatureException', message: 'The body is not the one that was signed' };
    const signer = claim.service === service ? this.#signers.get(service) : undefined;
    const expected = signer && (await signatureOf(signer, request, query, claim, body));
    if (expected !== undefined && equals(expected, claim.signature)) return undefined;
    return { code: 'SignatureDoesNotMatch', message: 'The signature is not the one that the keys give' };
  }
}

function claimOf(headers: IncomingHttpHeaders, query: Query): Claim | undefined {
  const signedInQuery = query['X-Amz-Signature'] !== undefined;
  const fields = signedInQuery ? queryFields(query) : AUTHORIZATION.exec(headers.authorization ?? '')?.slice(1);
  const date = parseDate(signedInQuery ? query['X-Amz-Date'] : headers['x-amz-date']);
  const [accessKeyId, day, region, service, signedHeaders, signature] = fields ?? [];
  if (accessKeyId === undefined || day === undefined || region === undefined || service === undefined) return undefined;
  if (signedHeaders === undefined || signature === undefined || date === undefined) return undefined;
  return {
    ...{ accessKeyId, day, region, service, signature, date },
    signedHeaders: new Set(signedHeaders.split(';')),
    expiresIn: signedInQuery ? Number(query['X-Amz-Expires']) : undefined,
  };
}

function queryFields(query: Query): (string | undefined)[] {
  const fields = CREDENTIAL.exec(String(query['X-Amz-Credential']))?.slice(1) ?? [];
  return [...fields, String(query['X-Amz-SignedHeaders']), String(query['X-Amz-Signature'])];
}

function untimelyRefusal({ date, expiresIn }: Claim): Refusal | undefined {
  const age = Date.now() - date.getTime();
  const skewed = { code: 'RequestTimeTooSkewed', message: 'The signature is of another time than now' };
  if (age < -MAX_SKEW_MS) return skewed;
  if (expiresIn === undefined) return age > MAX_SKEW_MS ? skewed : undefined;
  const isPeriod = Number.isInteger(expiresIn) && expiresIn > 0 && expiresIn <= MAX_EXPIRES_SECONDS;
  return isPeriod && age <= expiresIn * 1000
    ? undefined
    : { code: 'AccessDenied', message: 'The URL has expired, or names no period of a week at most' };
}

/** The signature that our keys give to what the client says it signed. */
async function signatureOf(
  signer: SignatureV4,
  request: IncomingMessage,
  query: Query,
  { signedHeaders, region, service, date, expiresIn }: Claim,
  body: Buffer | undefined,
): Promise<string | undefined> {
  const signed = Object.entries(request.headers).filter(([name]) => signedHeaders.has(name));
  const headers = Object.fromEntries(signed.map(([name, value]) => [name, String(value)]));
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  const signable = { method: request.method ?? 'GET', protocol: 'http:', hostname: '', path, query, headers, body };
  const options = { signingDate: date, signingRegion: region, signingService: service, signableHeaders: signedHeaders };
  if (expiresIn === undefined) {
    const again = await signer.sign(signable, options);
    return AUTHORIZATION.exec(again.headers.authorization ?? '')?.[6];
  }
  headers[HASH_HEADER] ??= 'UNSIGNED-PAYLOAD';
  const again = await signer.presign(signable, {
    ...options,
    expiresIn,
    unsignableHeaders: new Set([HASH_HEADER]),
    unhoistableHeaders: new Set([...signedHeaders, HASH_HEADER]),
  });
  return String(again.query?.['X-Amz-Signature']);
}

function queryOf({ url = '/' }: IncomingMessage): Query {
  const parameters = new URL(url, 'http://s3').searchParams;
  return Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => {
      const values = parameters.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? '') : values];
    }),
  );
}

function parseDate(value: string | string[] | undefined): Date | undefined {
  const fields = DATE.exec(String(value))?.slice(1).map(Number);
  if (fields === undefined) return undefined;
  const [year = 0, month = 0, ...rest] = fields;
  return new Date(Date.UTC(year, month - 1, ...rest));
}

function equals(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
