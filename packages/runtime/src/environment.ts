import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { DATABASE_DEFAULTS, withDatabaseUrl } from './database-server.ts';
import { EnvironmentError } from './environment-error.ts';

const MIB = 1024 * 1024;

function wholeNumber(min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message);
}

const url = (protocol: RegExp, example: string) => z.url({ protocol, error: `must be a URL such as ${example}` });
const httpUrl = url(/^https?$/, 'http://127.0.0.1:4566');

const PROTOCOL_PARAMETER =
  /^(response_type|response_mode|client_id|client_secret|redirect_uri|scope|state|nonce|code_challenge(_method)?)$/;

const origin = z
  .string()
  .refine(
    (text) => URL.parse(text)?.origin === text,
    'must be origins such as https://hr.example.com, separated by commas',
  );

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

const TOPIC_ARN = /^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]{1,256}$/;

const PARAMETERS_MESSAGE =
  'must be parameters such as audience=https://hr.example.com, and none that sign-in itself sets';

/** Of an authorization request; what stands in one for the protocol's sake cannot be set. */
const parameters = z
  .string()
  .regex(/^[^&=]+=[^&]*(&[^&=]+=[^&]*)*$/, PARAMETERS_MESSAGE)
  .transform((text) => Object.fromEntries(new URLSearchParams(text)))
  .refine((given) => !Object.keys(given).some((name) => PROTOCOL_PARAMETER.test(name)), PARAMETERS_MESSAGE);

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Every variable that Rowferry reads, with its form and its default. The table in the README lists the same. */
const VARIABLES = {
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: wholeNumber(0, 65_535).default(3000),
  DATA_DIR: z.string().min(1).default('.rowferry'),
  DATABASE_URL: url(/^postgres(ql)?$/, 'postgres://user:password@127.0.0.1:5432/rowferry'),
  /** The database in parts, instead of DATABASE_URL: see `withDatabaseUrl`. */
  DATABASE_HOST: z.string().min(1).optional(),
  DATABASE_PORT: wholeNumber(1, 65_535).default(DATABASE_DEFAULTS.port),
  DATABASE_NAME: z.string().min(1).default(DATABASE_DEFAULTS.name),
  DATABASE_USER: z.string().min(1).optional(),
  DATABASE_PASSWORD: z.string().min(1).optional(),
  DATABASE_CA_FILE: z.string().min(1).optional(),
  DATABASE_POOL_MAX: wholeNumber(1, 1000).default(4),
  AWS_REGION: z.string().min(1),
  AWS_ENDPOINT_URL: httpUrl.optional(),
  AWS_ENDPOINT_URL_S3: httpUrl.optional(),
  AWS_ENDPOINT_URL_SQS: httpUrl.optional(),
  AWS_ENDPOINT_URL_SNS: httpUrl.optional(),
  /** Without a default: names of buckets are of all the world, and somebody else may have it. */
  UPLOAD_BUCKET: z.string().min(3, 'must be the name of a bucket, of three characters or more'),
  ROW_QUEUE_URL: httpUrl,
  ROW_DLQ_URL: httpUrl,
  SEGMENT_QUEUE_URL: httpUrl,
  SEGMENT_DLQ_URL: httpUrl,
  /** Where S3 notifies of created objects; unset, a worker watches the bucket. Each is needed with the other. */
  OBJECT_QUEUE_URL: httpUrl.optional(),
  OBJECT_DLQ_URL: httpUrl.optional(),
  /** Where events are published; unset, they wait in the database. */
  EVENTS_TOPIC_ARN: z
    .string()
    .regex(TOPIC_ARN, 'must be an ARN such as arn:aws:sns:eu-central-1:123456789012:rowferry-events')
    .optional(),
  /** Queues that are subscribed to the topic; unset, nobody reads them here. */
  NOTIFICATIONS_QUEUE_URL: httpUrl.optional(),
  ALERTS_QUEUE_URL: httpUrl.optional(),
  /** Every event, for webhooks. */
  WEBHOOKS_QUEUE_URL: httpUrl,
  /** Between the functions on AWS that plan attempts of webhooks and record them, and the one that makes them. */
  WEBHOOK_REQUESTS_QUEUE_URL: httpUrl,
  WEBHOOK_ANSWERS_QUEUE_URL: httpUrl,
  /** Whether webhooks may be of private addresses and of http. */
  WEBHOOK_ALLOW_PRIVATE: z
    .enum(['true', 'false'], 'must be true or false')
    .default('false')
    .transform((value) => value === 'true'),
  /** Backfills are allowed below this prefix of the bucket only; unset, of any that is not Rowferry's own. */
  BACKFILL_PREFIX: z.string().min(1).optional(),
  /** Files of one backfill that are under way at the same time at most, whatever was asked for. */
  BACKFILL_CONCURRENCY_MAX: wholeNumber(1, 40).default(40),
  /** Whose new files a worker loads by a schedule (five fields of cron, in UTC), and by which profile; unset, none are. */
  PICKUP_PREFIX: z.string().min(1).optional(),
  PICKUP_SCHEDULE: z.string().min(1).optional(),
  PICKUP_PROFILE: z.string().min(1).optional(),
  /** The state machine of backfills, on AWS; unset, a worker runs it. */
  BACKFILL_STATE_MACHINE_ARN: z.string().min(1).optional(),
  /** Bytes of one uploaded file, over HTTP or out of the bucket. */
  MAX_UPLOAD_BYTES: wholeNumber(1, 5 * 1024 * 1024 * MIB).default(1024 * MIB),
  /** From which size on the console sends a file straight to S3, in parts. */
  DIRECT_UPLOAD_BYTES: wholeNumber(1, 5 * 1024 * 1024 * MIB).default(100 * MIB),
  /** What uploads that are being received may hold in memory, all together; one holds 24 MiB at most. */
  UPLOAD_MEMORY_BYTES: wholeNumber(24 * MIB, 1024 * 1024 * MIB).default(512 * MIB),
  /** Origins of other sites whose pages may call the API, separated by commas. */
  CORS_ORIGINS: z.string().default('').transform(splitList).pipe(z.array(origin)),
  /** Requests a minute of one API key, token or address. */
  RATE_LIMIT_PER_MINUTE: wholeNumber(1, 1_000_000_000).default(60_000),
  /** Proxies in front of the API whose X-Forwarded-For tells a client's address. */
  TRUSTED_PROXIES: wholeNumber(0, 10).default(0),
  /** Where clients see the API, if a proxy in front takes a prefix off its paths. */
  PUBLIC_URL: url(/^https?$/, 'https://hr.example.com/rowferry').optional(),
  /** Issuer of the JWTs that the API takes beside API keys, and what they must be made for. */
  OIDC_ISSUER: httpUrl.optional(),
  OIDC_AUDIENCE: z.string().min(1).optional(),
  /** The public client of the issuer with which people sign in to the console; unset, they use API keys. */
  OIDC_CLIENT_ID: z.string().min(1).optional(),
  /** What it asks for, with spaces between. */
  OIDC_SCOPES: z
    .string()
    .regex(/(^| )openid( |$)/, 'must be scopes with spaces between, one of which is openid')
    .default('openid profile read upload'),
  /** What the issuer wants to be told beside, as in a query. */
  OIDC_PARAMETERS: parameters.default({}),
  /** Rows in one SQS message; unset, it follows the rows of the file. */
  ROWS_PER_MESSAGE: wholeNumber(1, 500).optional(),
  /** Batches of messages that a worker writes at the same time; unset, as many as the machine has cores, two to four. */
  CONSUMER_CONCURRENCY: wholeNumber(1, 100).default(() => Math.min(4, Math.max(2, availableParallelism()))),
  /** Share of row messages that are made to fail, 0 to 1, for people who want to see what happens then. */
  FAULT_RATE: z
    .string()
    .regex(/^(0(\.\d+)?|1(\.0+)?)$/, 'must be a number from 0 to 1')
    .transform(Number)
    .default(0),
  /** Of the metrics of CloudWatch that are logged; unset, none are. */
  METRICS_NAMESPACE: z.string().min(1).optional(),
  /** Where a worker serves its metrics, on loopback; unset, it serves none. */
  METRICS_PORT: wholeNumber(0, 65_535).optional(),
  NODE_ENV: z.string().default('development'),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
} as const;

type Variables = typeof VARIABLES;
export type VariableName = keyof Variables;
export type Environment<Name extends VariableName = VariableName> = { [N in Name]: z.output<Variables[N]> };

/** @throws EnvironmentError when faults are to be injected in production. */
export function refuseFaultsInProduction({ FAULT_RATE, NODE_ENV }: Environment<'FAULT_RATE' | 'NODE_ENV'>): void {
  if (FAULT_RATE > 0 && NODE_ENV === 'production')
    throw new EnvironmentError('FAULT_RATE must not be set in production');
}

/**
 * The queue that S3 notifies of created objects, with its dead-letter queue. Undefined when neither is set.
 *
 * @throws EnvironmentError when one of them is.
 */
export function objectQueueOf({
  OBJECT_QUEUE_URL: url,
  OBJECT_DLQ_URL: dlqUrl,
}: Partial<Environment<'OBJECT_QUEUE_URL' | 'OBJECT_DLQ_URL'>>): { url: string; dlqUrl: string } | undefined {
  if (url !== undefined && dlqUrl !== undefined) return { url, dlqUrl };
  if (url === undefined && dlqUrl === undefined) return undefined;
  const [set, unset] =
    url === undefined ? ['OBJECT_DLQ_URL', 'OBJECT_QUEUE_URL'] : ['OBJECT_QUEUE_URL', 'OBJECT_DLQ_URL'];
  throw new EnvironmentError(`${set} is set, but ${unset} is not: set both, or neither`);
}

/** @throws EnvironmentError when any variable that is set has a bad value, whoever reads it. */
export function checkEnvironment(): void {
  objectQueueOf(readEnvironment([], Object.keys(VARIABLES) as VariableName[]));
}

/**
 * Reads and checks the named variables, once, at the start of a process. An empty variable counts as unset. DATABASE_URL is
 * made of DATABASE_HOST and the others where they are set.
 *
 * @throws EnvironmentError naming every variable that is missing or has a bad value; the values themselves are not
 *   repeated, because they can be secrets.
 */
export function readEnvironment<Name extends VariableName, Optional extends VariableName = never>(
  names: readonly Name[],
  optionalNames: readonly Optional[] = [],
  source: NodeJS.ProcessEnv = process.env,
): Environment<Name> & Partial<Environment<Optional>> {
  const required = Object.fromEntries(names.map((name) => [name, VARIABLES[name]]));
  const optional = Object.fromEntries(optionalNames.map((name) => [name, VARIABLES[name].optional()]));
  const set = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  const given = [...names, ...optionalNames].some((name) => name === 'DATABASE_URL') ? withDatabaseUrl(set) : set;
  const result = z.object({ ...required, ...optional }).safeParse(given);
  // The shape was made from the names at run time; only here can the compiler not follow.
  if (result.success) return result.data as Environment<Name> & Partial<Environment<Optional>>;
  throw new EnvironmentError(describe(result.error.issues, given));
}

type Issue = { path: readonly PropertyKey[]; message: string };

function describe(issues: readonly Issue[], given: Record<string, unknown>): string {
  const reasons = new Map<string, string>();
  // The first reason is enough: others of the same variable often follow from it.
  for (const { path, message } of issues.toReversed()) reasons.set(String(path[0]), message);
  const { missing = [], bad = [] } = Object.groupBy([...reasons.keys()], (name) => (name in given ? 'bad' : 'missing'));
  const verb = missing.length === 1 ? 'is' : 'are';
  return [
    ...bad.toSorted().map((name) => `${name} ${reasons.get(name)}`),
    ...(missing.length === 0 ? [] : [`${listOf(missing.toSorted())} ${verb} not set`]),
  ].join('; ');
}

function listOf(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}
