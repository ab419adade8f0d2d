import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { objectQueueOf, readEnvironment, refuseFaultsInProduction, type VariableName } from './environment.ts';
import { EnvironmentError } from './environment-error.ts';

/** `unset`: what is read when the variable is not set; `missing`: the process must not start then. */
type Expectation = { good: [text: string, value: unknown][]; bad: string[]; unset: unknown };

const missing = Symbol('missing');
const url = {
  good: [['http://127.0.0.1:4566', 'http://127.0.0.1:4566']],
  bad: ['127.0.0.1:4566', 'ftp://x', 'x'],
} satisfies Partial<Expectation>;

/** Every variable: the compiler asks for those that come to be. */
const EXPECTATIONS: Record<VariableName, Expectation> = {
  HOST: { good: [['0.0.0.0', '0.0.0.0']], bad: [], unset: '127.0.0.1' },
  PORT: {
    good: [
      ['0', 0],
      ['65535', 65_535],
    ],
    bad: ['-1', '65536', '3e3', '30.5', 'http', ' 1'],
    unset: 3000,
  },
  DATA_DIR: { good: [['/var/lib/rowferry', '/var/lib/rowferry']], bad: [], unset: '.rowferry' },
  DATABASE_URL: {
    good: [
      ['postgres://u:p@h:5432/d', 'postgres://u:p@h:5432/d'],
      ['postgresql://h/d', 'postgresql://h/d'],
    ],
    bad: ['mysql://u:p@h/d', 'h/d', 'https://h/d'],
    unset: missing,
  },
  DATABASE_HOST: { good: [['db.example.com', 'db.example.com']], bad: [], unset: undefined },
  DATABASE_PORT: {
    good: [
      ['1', 1],
      ['65535', 65_535],
    ],
    bad: ['0', '65536', 'postgres'],
    unset: 5432,
  },
  DATABASE_NAME: { good: [['staff', 'staff']], bad: [], unset: 'rowferry' },
  DATABASE_USER: { good: [['me', 'me']], bad: [], unset: undefined },
  DATABASE_PASSWORD: { good: [['secret', 'secret']], bad: [], unset: undefined },
  DATABASE_CA_FILE: { good: [['/etc/ca.pem', '/etc/ca.pem']], bad: [], unset: undefined },
  DATABASE_POOL_MAX: {
    good: [
      ['1', 1],
      ['1000', 1000],
    ],
    bad: ['0', '1001', 'many'],
    unset: 4,
  },
  AWS_REGION: { good: [['eu-central-1', 'eu-central-1']], bad: [], unset: missing },
  AWS_ENDPOINT_URL: { ...url, unset: undefined },
  AWS_ENDPOINT_URL_S3: { ...url, unset: undefined },
  AWS_ENDPOINT_URL_SQS: { ...url, unset: undefined },
  AWS_ENDPOINT_URL_SNS: { ...url, unset: undefined },
  UPLOAD_BUCKET: { good: [['abc', 'abc']], bad: ['ab'], unset: missing },
  ROW_QUEUE_URL: { ...url, unset: missing },
  ROW_DLQ_URL: { ...url, unset: missing },
  SEGMENT_QUEUE_URL: { ...url, unset: missing },
  SEGMENT_DLQ_URL: { ...url, unset: missing },
  OBJECT_QUEUE_URL: { ...url, unset: undefined },
  OBJECT_DLQ_URL: { ...url, unset: undefined },
  EVENTS_TOPIC_ARN: {
    good: [['arn:aws:sns:eu-central-1:123456789012:events', 'arn:aws:sns:eu-central-1:123456789012:events']],
    bad: ['rowferry-events', 'arn:aws:sqs:eu-central-1:123456789012:events', 'arn:aws:sns:eu-central-1:events'],
    unset: undefined,
  },
  NOTIFICATIONS_QUEUE_URL: { ...url, unset: undefined },
  ALERTS_QUEUE_URL: { ...url, unset: undefined },
  WEBHOOKS_QUEUE_URL: { ...url, unset: missing },
  WEBHOOK_REQUESTS_QUEUE_URL: { ...url, unset: missing },
  WEBHOOK_ANSWERS_QUEUE_URL: { ...url, unset: missing },
  WEBHOOK_ALLOW_PRIVATE: {
    good: [
      ['true', true],
      ['false', false],
    ],
    bad: ['1', 'yes', 'TRUE'],
    unset: false,
  },
  BACKFILL_PREFIX: { good: [['incoming/', 'incoming/']], bad: [], unset: undefined },
  BACKFILL_CONCURRENCY_MAX: {
    good: [
      ['1', 1],
      ['40', 40],
    ],
    bad: ['0', '41', 'many'],
    unset: 40,
  },
  PICKUP_PREFIX: { good: [['incoming/', 'incoming/']], bad: [], unset: undefined },
  PICKUP_SCHEDULE: { good: [['30 2 * * *', '30 2 * * *']], bad: [], unset: undefined },
  PICKUP_PROFILE: { good: [['payroll', 'payroll']], bad: [], unset: undefined },
  BACKFILL_STATE_MACHINE_ARN: { good: [['arn:aws:states:x', 'arn:aws:states:x']], bad: [], unset: undefined },
  DIRECT_UPLOAD_BYTES: {
    good: [
      ['1', 1],
      ['5497558138880', 5_497_558_138_880],
    ],
    bad: ['0', '100MiB', '1e9', '5497558138881'],
    unset: 104_857_600,
  },
  MAX_UPLOAD_BYTES: {
    good: [
      ['1', 1],
      ['5497558138880', 5_497_558_138_880],
    ],
    bad: ['0', '1GiB', '1e9', '5497558138881'],
    unset: 1_073_741_824,
  },
  UPLOAD_MEMORY_BYTES: {
    good: [
      ['25165824', 25_165_824],
      ['1099511627776', 1_099_511_627_776],
    ],
    bad: ['25165823', '1099511627777', '512MiB'],
    unset: 536_870_912,
  },
  CORS_ORIGINS: {
    good: [['https://a.example.com, http://localhost:8080,', ['https://a.example.com', 'http://localhost:8080']]],
    bad: ['*', 'https://a.example.com/', 'a.example.com'],
    unset: [],
  },
  RATE_LIMIT_PER_MINUTE: { good: [['1', 1]], bad: ['0', '-1', 'none'], unset: 60_000 },
  TRUSTED_PROXIES: {
    good: [
      ['0', 0],
      ['10', 10],
    ],
    bad: ['11', 'yes'],
    unset: 0,
  },
  PUBLIC_URL: {
    good: [['https://hr.example.com/rowferry', 'https://hr.example.com/rowferry']],
    bad: ['/rowferry', 'ftp://hr.example.com', 'hr.example.com'],
    unset: undefined,
  },
  OIDC_ISSUER: { ...url, unset: undefined },
  OIDC_AUDIENCE: { good: [['rowferry', 'rowferry']], bad: [], unset: undefined },
  OIDC_CLIENT_ID: { good: [['rowferry-console', 'rowferry-console']], bad: [], unset: undefined },
  OIDC_SCOPES: {
    good: [['openid api://rowferry/read', 'openid api://rowferry/read']],
    bad: ['read', 'openid,read'],
    unset: 'openid profile read upload',
  },
  OIDC_PARAMETERS: {
    good: [
      ['audience=https%3A%2F%2Fhr.example.com&prompt=login', { audience: 'https://hr.example.com', prompt: 'login' }],
    ],
    bad: ['audience=a&state=x', 'redirect_uri=https://elsewhere.example'],
    unset: {},
  },
  ROWS_PER_MESSAGE: {
    good: [
      ['1', 1],
      ['500', 500],
    ],
    bad: ['0', '501'],
    unset: undefined,
  },
  CONSUMER_CONCURRENCY: {
    good: [
      ['1', 1],
      ['100', 100],
    ],
    bad: ['0', '101'],
    unset: Math.min(4, Math.max(2, availableParallelism())),
  },
  FAULT_RATE: {
    good: [
      ['0', 0],
      ['0.05', 0.05],
      ['1', 1],
    ],
    bad: ['1.1', '-0.1', '5%', '.5'],
    unset: 0,
  },
  METRICS_NAMESPACE: { good: [['Rowferry/prod', 'Rowferry/prod']], bad: [], unset: undefined },
  METRICS_PORT: { good: [['9100', 9100]], bad: ['65536', 'on'], unset: undefined },
  NODE_ENV: { good: [['production', 'production']], bad: [], unset: 'development' },
  LOG_LEVEL: {
    good: [
      ['silent', 'silent'],
      ['trace', 'trace'],
    ],
    bad: ['verbose', 'INFO'],
    unset: 'info',
  },
};

test.for(Object.entries(EXPECTATIONS) as [VariableName, Expectation][])('%s', ([name, { good, bad, unset }]) => {
  const read = (text: string | undefined) => readEnvironment([name], [], { [name]: text })[name];

  for (const [text, value] of good) expect(read(text)).toEqual(value);
  for (const text of bad) {
    expect(
      messageOf(() => read(text)),
      text,
    ).toMatch(new RegExp(`^${name} [^\\n]+$`));
  }
  for (const text of [undefined, '']) {
    if (unset === missing) expect(messageOf(() => read(text))).toBe(`${name} is not set`);
    else expect(read(text)).toEqual(unset);
  }
});

test('a bad value is not repeated: it can be a secret', () => {
  const refused = Object.entries(EXPECTATIONS).filter(([, { bad }]) => bad.length > 0);
  for (const [name] of refused as [VariableName, Expectation][]) {
    const message = messageOf(() => readEnvironment([name], [], { [name]: 'gh' }));
    expect(message).toContain(name);
    expect(message).not.toContain('gh');
  }
});

test('every variable that is missing or bad is named, in one line', () => {
  const read = () => readEnvironment(['AWS_REGION', 'DATABASE_URL', 'UPLOAD_BUCKET', 'PORT', 'LOG_LEVEL'], [], source);
  const source = { PORT: 'http', LOG_LEVEL: 'verbose', AWS_REGION: '' };
  expect(messageOf(read)).toBe(
    'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent; PORT must be a whole number from 0 to 65535; ' +
      'AWS_REGION, DATABASE_URL and UPLOAD_BUCKET are not set',
  );
});

test('what is said of a bad value says what a good one is', () => {
  for (const [name, { bad }] of Object.entries(EXPECTATIONS) as [VariableName, Expectation][]) {
    for (const text of bad)
      expect(
        messageOf(() => readEnvironment([name], [], { [name]: text })),
        text,
      ).toMatch(/^[A-Z_0-9]+ must be /);
  }
});

test('a queue for S3 to notify is set with its dead-letter queue, or neither is', () => {
  const url = 'http://127.0.0.1:4566/q';
  expect(objectQueueOf({})).toBeUndefined();
  expect(objectQueueOf({ OBJECT_QUEUE_URL: url, OBJECT_DLQ_URL: `${url}-dlq` })).toEqual({ url, dlqUrl: `${url}-dlq` });
  expect(messageOf(() => objectQueueOf({ OBJECT_QUEUE_URL: url }))).toBe(
    'OBJECT_QUEUE_URL is set, but OBJECT_DLQ_URL is not: set both, or neither',
  );
  expect(messageOf(() => objectQueueOf({ OBJECT_DLQ_URL: url }))).toBe(
    'OBJECT_DLQ_URL is set, but OBJECT_QUEUE_URL is not: set both, or neither',
  );
});

test('only what was asked for is read and checked', () => {
  const source = { PORT: '8080', DATABASE_URL: 'not a URL', HOME: '/root' };
  expect(readEnvironment(['PORT'], [], source)).toEqual({ PORT: 8080 });
});

test('what is asked for as optional may be unset, also where a process could not do without; set, it must be good', () => {
  expect(readEnvironment(['PORT'], ['DATABASE_URL'], {})).toEqual({ PORT: 3000 });
  expect(readEnvironment([], ['DATABASE_URL'], { DATABASE_URL: 'postgres://h/d' })).toEqual({
    DATABASE_URL: 'postgres://h/d',
  });
  expect(() => readEnvironment([], ['DATABASE_URL'], { DATABASE_URL: 'h' })).toThrow(EnvironmentError);
});

test('faults are not injected in production', () => {
  expect(() => refuseFaultsInProduction({ FAULT_RATE: 0.1, NODE_ENV: 'production' })).toThrow(EnvironmentError);
  refuseFaultsInProduction({ FAULT_RATE: 0, NODE_ENV: 'production' });
  refuseFaultsInProduction({ FAULT_RATE: 0.1, NODE_ENV: 'development' });
});

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof EnvironmentError) return error.message;
    throw error;
  }
  throw new Error('nothing was thrown');
}
