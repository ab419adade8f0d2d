import { OUTCOMES } from '@rowferry/roster';
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
/** Without buying more (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html). */
const GP3_BYTES_PER_SECOND = 125e6;
const FUNCTION_GB = 0.5;
const LEDGER_DAYS = 90;
/** Of a message: its part of the requests that send, receive and delete ten at once, by 64 KiB. */
const REQUESTS_PER_MESSAGE = 0.4 + 0.4 + 0.1;
/** Bytes of log a call. */
const LOG_BYTES_PER_CALL = 500;

/** Interface endpoints of the database's network. */
const INTERFACE_ENDPOINTS = 2;
/** Metrics that alarms watch: an alarm on a sum costs as much as one on each of its parts. */
const ALARMED_METRICS = 41;
const ALARMED_METRICS_OF_ENTRANCE = 3;
/** Functions that receive from a queue. */
const QUEUE_READERS = 10;
/** Lambda receives from an empty queue by five long polls of 20 seconds at a time (docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html). */
const POLLS_A_MONTH = 5 * 3 * 60 * HOURS_A_MONTH;
/** Metrics of Rowferry's own: six outcomes, and what is said of dead rows, messages and uploads. */
const OWN_METRICS = OUTCOMES.length + 4;

export type Costs = {
  /** Dollars a month, by part. */
  parts: Record<string, number>;
  total: number;
  /** Undefined when no single one is enough. */
  instance: Instance | undefined;
  databaseGb: number;
  messagesPerDay: number;
  /** What gives out at so many rows, the first first. */
  reached: Limit[];
  /** What would give out next. */
  next: Limit | undefined;
};

/** Something that gives out beyond so many rows a day, and what lifts it. */
export type Limit = { rowsPerDay: number; what: string; lift: string };

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
  const limits = limitsOf(stage);
  const reached = limits.filter((limit) => limit.rowsPerDay < rowsPerDay);
  return { parts, total, instance, databaseGb, messagesPerDay, reached, next: limits[reached.length] };
}

/** Bytes in the database of each row a day, after the ledger's time. */
const STORED_BYTES = LEDGER_DAYS * (MEASURED.ledgerBytes + MEASURED.employeeBytes / ROWS_PER_EMPLOYEE);

function sizeGb(rowsPerDay: number): number {
  return (rowsPerDay * STORED_BYTES) / GB;
}

/** What of a stage costs by the month, each by how many there are. A test compares it with the template. */
export function countsOf({ certificateRequired, endpointZones }: Stage): Record<string, number> {
  const entrance = certificateRequired ? 1 : 0;
  return {
    loadBalancers: entrance,
    endpointZones: INTERFACE_ENDPOINTS * endpointZones,
    alarmedMetrics: ALARMED_METRICS + ALARMED_METRICS_OF_ENTRANCE * entrance,
    queueReaders: QUEUE_READERS,
    // Of the owner's password, which RDS makes, and of the first key.
    secrets: 2,
    dashboards: 1,
  };
}

/** What runs whether files come or not. */
function fixedCosts(stage: Stage): Record<string, number> {
  const { api, firewall } = stage;
  const {
    loadBalancers = 0,
    endpointZones = 0,
    alarmedMetrics = 0,
    queueReaders = 0,
    secrets = 0,
    dashboards = 0,
  } = countsOf(stage);
  const task = (api.cpu / 1024) * PRICES.fargateCpuHour + (api.memoryMib / 1024) * PRICES.fargateGbHour;
  // A load balancer has one in each of its two zones.
  const addresses = 2 * loadBalancers + api.min;
  return {
    'API, tasks': api.min * HOURS_A_MONTH * task * (api.spot ? PRICES.fargateSpot : 1),
    'load balancer': loadBalancers * HOURS_A_MONTH * PRICES.loadBalancerHour,
    'public addresses': addresses * HOURS_A_MONTH * PRICES.addressHour,
    'endpoints of the network': endpointZones * HOURS_A_MONTH * PRICES.endpointZoneHour,
    firewall: firewall ? PRICES.firewallMonth + 4 * PRICES.firewallRuleMonth : 0,
    'alarms, metrics, dashboard':
      alarmedMetrics * PRICES.alarmMonth + OWN_METRICS * PRICES.metricMonth + dashboards * PRICES.dashboardMonth,
    'empty queues': queueReaders * POLLS_A_MONTH * PRICES.sqsRequest,
    secrets: secrets * PRICES.secretMonth,
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

/** What bounds a stage, from what gives out first. */
function limitsOf({ database }: Stage): Limit[] {
  const busySeconds = SECONDS_A_DAY * BUSY_SHARE;
  const rowsOfCores = (cores: number) => cores * ASSUMED.rowsPerCoreSecond * busySeconds;
  const limits = [
    {
      rowsPerDay: (database.storageMaxGib * GB) / STORED_BYTES,
      what: `storage: outcomes and employees of ${LEDGER_DAYS} days are more than ${database.storageMaxGib} GB`,
      lift: 'partition the ledger (upload_rows) by day and drop partitions that have expired; or raise storageMaxGib',
    },
    {
      rowsPerDay: rowsOfCores(database.vcpus),
      what: `the ${database.vcpus} cores of ${database.instance}`,
      lift: 'a larger instance, with as many writers as it has cores (instance and rowWriters in infra/src/stages.ts)',
    },
    {
      rowsPerDay: (GP3_BYTES_PER_SECOND / MEASURED.walBytes) * busySeconds,
      what: 'the write-ahead log: more than the 125 MB/s of gp3',
      lift: 'buy throughput for the storage',
    },
    {
      rowsPerDay: rowsOfCores(largest().vcpus),
      what: `the cores of the largest instance, ${largest().name}`,
      lift: 'shard employees and ledger by e-mail address over several databases; a queue and its writers for each',
    },
  ];
  return limits.toSorted((a, b) => a.rowsPerDay - b.rowsPerDay);
}

function zones({ database }: Stage): number {
  return database.multiAz ? 2 : 1;
}

function largest(): Instance {
  const last = INSTANCES.at(-1);
  if (last === undefined) throw new Error('no instances');
  return last;
}
