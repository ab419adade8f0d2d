import { STAGES, type Stage, type StageName } from '../stages.ts';
import { INSTANCES, type Instance, PRICES } from './prices.ts';

const HOURS_A_MONTH = 730;
const DAYS_A_MONTH = 30.4;
const SECONDS_A_DAY = 86_400;
const GB = 1e9;

/** Bytes of a row as CSV, in the ledger, as an employee and of write-ahead log; rows in a message of a large file (docs/performance.md). */
const MEASURED = { csvBytes: 93, ledgerBytes: 114, employeeBytes: 667, walBytes: 2700, rowsPerMessage: 200 };

/**
 * Nobody has measured these on AWS: half of what one core of the machine of the benchmarks does. Rows a second that one core of
 * Postgres takes, and that one reader of segments sends.
 */
const ASSUMED = { rowsPerCoreSecond: 4500, rowsPerReaderSecond: 40_000 };

/** In one call of the consumer. */
const MESSAGES_PER_CALL = 100;
/** Of a day, the share in which the rows come: files come in the morning. */
const BUSY_SHARE = 1 / 3;
/** Of so many rows one is a new employee; the others are about people who are there. */
const ROWS_PER_EMPLOYEE = 30;
const FUNCTION_GB = 0.5;
const LEDGER_DAYS = 90;
/** Of a message: its part of the requests that send, receive and delete ten at once, by 64 KiB. */
const REQUESTS_PER_MESSAGE = 0.4 + 0.4 + 0.1;
/** Bytes of log a call. */
const LOG_BYTES_PER_CALL = 500;

export type Costs = {
  /** Dollars a month, by part. */
  parts: Record<string, number>;
  total: number;
  /** Undefined when no single one is enough. */
  instance: Instance | undefined;
  databaseGb: number;
  messagesPerDay: number;
  /** What gives out first, and what lifts it. */
  bottleneck: string;
};

/** What a stage costs a month, and what bounds it, when so many rows come each day. */
export function costsOf(rowsPerDay: number, stageName: StageName): Costs {
  const stage: Stage = STAGES[stageName];
  const messagesPerDay = rowsPerDay / MEASURED.rowsPerMessage;
  const rowsPerSecond = rowsPerDay / (SECONDS_A_DAY * BUSY_SHARE);
  const cores = rowsPerSecond / ASSUMED.rowsPerCoreSecond;
  const smallest = INSTANCES.findIndex(({ name }) => name === stage.database.instance);
  const instance = INSTANCES.slice(smallest).find(({ vcpus }) => vcpus >= cores);
  const databaseGb = Math.max(stage.database.storageGib, sizeGb(rowsPerDay));
  const parts = {
    ...fixedCosts(stage),
    'database, instance': zones(stage) * HOURS_A_MONTH * (instance ?? largest()).hour,
    'database, storage': zones(stage) * databaseGb * PRICES.rdsGbMonth,
    functions: functionCosts(rowsPerDay, messagesPerDay),
    queues: messagesPerDay * DAYS_A_MONTH * REQUESTS_PER_MESSAGE * PRICES.sqsRequest,
    files: fileCosts(rowsPerDay, stage),
  };
  const total = Object.values(parts).reduce((sum, dollars) => sum + dollars, 0);
  return { parts, total, instance, databaseGb, messagesPerDay, bottleneck: bottleneckOf(rowsPerDay, instance, stage) };
}

function sizeGb(rowsPerDay: number): number {
  const { ledgerBytes, employeeBytes } = MEASURED;
  return (rowsPerDay * (LEDGER_DAYS * ledgerBytes + (LEDGER_DAYS * employeeBytes) / ROWS_PER_EMPLOYEE)) / GB;
}

/** What runs whether files come or not. */
function fixedCosts({ api, endpointZones, firewall }: Stage): Record<string, number> {
  const task = (api.cpu / 1024) * PRICES.fargateCpuHour + (api.memoryMib / 1024) * PRICES.fargateGbHour;
  const addresses = 2 + api.min;
  return {
    'API, tasks': api.min * HOURS_A_MONTH * task * (api.spot ? PRICES.fargateSpot : 1),
    'load balancer': HOURS_A_MONTH * PRICES.loadBalancerHour,
    'public addresses': addresses * HOURS_A_MONTH * PRICES.addressHour,
    'endpoint of SQS': endpointZones * HOURS_A_MONTH * PRICES.endpointZoneHour,
    firewall: firewall ? PRICES.firewallMonth + 4 * PRICES.firewallRuleMonth : 0,
    'alarms, secrets': 18 * PRICES.alarmMonth + 2 * PRICES.secretMonth,
  };
}

function functionCosts(rowsPerDay: number, messagesPerDay: number): number {
  const readSeconds = rowsPerDay / ASSUMED.rowsPerReaderSecond;
  const writeSeconds = rowsPerDay / ASSUMED.rowsPerCoreSecond;
  const calls = messagesPerDay / MESSAGES_PER_CALL;
  const aDay =
    (readSeconds + writeSeconds) * FUNCTION_GB * PRICES.lambdaGbSecond +
    calls * PRICES.lambdaCall +
    ((calls * LOG_BYTES_PER_CALL) / GB) * PRICES.logGb;
  return aDay * DAYS_A_MONTH;
}

/** One file of a hundred thousand rows, in parts of 8 MiB. */
function fileCosts(rowsPerDay: number, { uploadRetentionDays }: Stage): number {
  const bytes = rowsPerDay * MEASURED.csvBytes;
  const requests = (bytes / (8 * 1024 * 1024)) * (PRICES.s3Put + 2 * PRICES.s3Get) * DAYS_A_MONTH;
  return requests + ((bytes * uploadRetentionDays) / GB) * PRICES.s3GbMonth;
}

function bottleneckOf(rowsPerDay: number, instance: Instance | undefined, stage: Stage): string {
  const walMbPerSecond = (rowsPerDay * MEASURED.walBytes) / (SECONDS_A_DAY * BUSY_SHARE) / 1e6;
  if (instance === undefined)
    return 'no single database has the cores: shard employees by address over several databases';
  if (sizeGb(rowsPerDay) > stage.database.storageMaxGib)
    return `the ledger of ${LEDGER_DAYS} days is larger than the storage may grow: partition it by day and drop old partitions, or raise storageMaxGib`;
  if (instance.name !== stage.database.instance)
    return `the cores of the database: ${instance.name} with ${instance.vcpus} writers (infra/src/stages.ts)`;
  if (walMbPerSecond > 125) return 'the write-ahead log is more than gp3 takes (125 MB/s): buy throughput';
  return 'none: the stage is larger than it has to be';
}

function zones({ database }: Stage): number {
  return database.multiAz ? 2 : 1;
}

function largest(): Instance {
  const last = INSTANCES.at(-1);
  if (last === undefined) throw new Error('no instances');
  return last;
}
