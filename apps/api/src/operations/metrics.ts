import {
  ageOfOldestOpenUpload,
  countNotifications,
  countRowsByOutcome,
  type Database,
  measureOutbox,
  type PoolUsage,
  poolUsage,
} from '@rowferry/database';
import { OUTCOMES, type Outcome } from '@rowferry/roster';
import { freeDiskBytes, processMetrics } from '@rowferry/runtime';
import type { RequestHandler } from 'express';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { routeOf } from '../http/request-log.ts';
import { cachedFor } from '../http/ttl-cache.ts';
import { type Queue, type QueueSettings, queuesOf, unlessUnavailable } from './measurements.ts';

const SECOND = 1000;
/** A scrape every 15 seconds is usual; others in between get the same. */
const FRESH = 15 * SECOND;
/** From an answer out of memory to a large file. */
const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600];

export type MetricsSettings = QueueSettings & {
  database: Database;
  /** Where Postgres or S3 is embedded. */
  dataDir?: string | undefined;
};

/** Metrics of this process and, from Postgres and SQS, of the whole system. */
export class Metrics {
  readonly #registry = processMetrics();
  readonly #settings: MetricsSettings;
  readonly #queues: readonly Queue[];
  readonly #countRows: () => Promise<Record<Outcome, number> | undefined>;

  constructor(settings: MetricsSettings) {
    this.#settings = settings;
    this.#queues = queuesOf(settings, FRESH);
    this.#countRows = unlessUnavailable(cachedFor(FRESH, () => countRowsByOutcome(settings.database)));
    this.#definePool();
    this.#defineRows();
    this.#defineEvents();
    this.#defineQueues();
    this.#defineServices();
    this.#defineDisk();
  }

  /** Counts requests, by the route that they found and never by their path, of which there is no end. */
  countRequests(): RequestHandler {
    const registers = [this.#registry];
    const requests = new Counter({
      name: 'rowferry_http_requests_total',
      help: 'Requests answered',
      labelNames: ['method', 'route', 'status'],
      registers,
    });
    const seconds = new Histogram({
      name: 'rowferry_http_request_seconds',
      help: 'From the arrival of a request to the end of its answer',
      labelNames: ['method', 'route'],
      buckets: DURATION_BUCKETS,
      registers,
    });
    // Labels are checked and put together once, not with each request. Methods are those that Node knows.
    const known = new Map<string, ReturnType<typeof makeSeries>>();
    const makeSeries = (method: string, route: string, status: number) => ({
      counter: requests.labels({ method, route, status }),
      histogram: seconds.labels({ method, route }),
    });
    const seriesOf = (method: string, route: string, status: number) => {
      const key = `${method} ${status} ${route}`;
      const series = known.get(key) ?? makeSeries(method, route, status);
      known.set(key, series);
      return series;
    };
    return (request, response, next) => {
      const start = performance.now();
      response.once('close', () => {
        const { counter, histogram } = seriesOf(request.method, routeOf(request), response.statusCode);
        counter.inc();
        histogram.observe((performance.now() - start) / SECOND);
      });
      next();
    };
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  #definePool(): void {
    const { database } = this.#settings;
    const help = 'Connections of the pool, and queries that wait for one';
    gauge(this.#registry, 'rowferry_pool_connections', help, ['state'], (set) => {
      for (const [state, count] of Object.entries<PoolUsage[keyof PoolUsage]>(poolUsage(database)))
        set({ state }, count);
    });
  }

  #defineRows(): void {
    const { database } = this.#settings;
    const measureAge = unlessUnavailable(cachedFor(FRESH, () => ageOfOldestOpenUpload(database)));
    gauge(this.#registry, 'rowferry_rows', 'Rows of all uploads, by outcome', ['outcome'], async (set) => {
      const counts = await this.#countRows();
      if (counts !== undefined) for (const outcome of OUTCOMES) set({ outcome }, counts[outcome]);
    });
    const help = 'Age of the oldest upload that has rows under way';
    gauge(this.#registry, 'rowferry_oldest_upload_age_seconds', help, [], async (set) => {
      const seconds = await measureAge();
      if (seconds !== undefined) set({}, seconds);
    });
  }

  /** Events that wait have not been lost: SNS is unavailable, or no topic is set. Of every type, also of those that nobody knows. */
  #defineEvents(): void {
    const { database } = this.#settings;
    const measure = unlessUnavailable(cachedFor(FRESH, () => measureOutbox(database)));
    const count = unlessUnavailable(cachedFor(FRESH, () => countNotifications(database)));
    gauge(this.#registry, 'rowferry_events_waiting', 'Events that wait to be published', [], async (set) => {
      const outbox = await measure();
      if (outbox !== undefined) set({}, outbox.waiting);
    });
    const help = 'For how long the oldest of them has waited';
    gauge(this.#registry, 'rowferry_oldest_event_age_seconds', help, [], async (set) => {
      const outbox = await measure();
      if (outbox !== undefined) set({}, outbox.oldestSeconds);
    });
    gauge(this.#registry, 'rowferry_notifications', 'Notifications that are kept, by type', ['type'], async (set) => {
      for (const { type, notifications } of (await count()) ?? []) set({ type }, notifications);
    });
  }

  #defineQueues(): void {
    const help = 'Messages in SQS, as many as it says there are';
    gauge(this.#registry, 'rowferry_queue_messages', help, ['queue', 'state'], async (set) => {
      await Promise.all(
        this.#queues.map(async ({ queue, measure }) => {
          const depth = await measure();
          if (depth === undefined) return;
          set({ queue, state: 'visible' }, depth.visible);
          set({ queue, state: 'in_flight' }, depth.inFlight);
          set({ queue, state: 'delayed' }, depth.delayed);
        }),
      );
    });
  }

  #defineDisk(): void {
    const { dataDir } = this.#settings;
    if (dataDir === undefined) return;
    const measure = unlessUnavailable(() => freeDiskBytes(dataDir));
    gauge(this.#registry, 'rowferry_disk_free_bytes', 'Room on the disk of DATA_DIR', [], async (set) => {
      const bytes = await measure();
      if (bytes !== undefined) set({}, bytes);
    });
  }

  /** Says why other metrics are left out. */
  #defineServices(): void {
    const help = 'Whether a service answered the queries for these metrics: 1, or 0';
    gauge(this.#registry, 'rowferry_service_up', help, ['service'], async (set) => {
      const [rows, depths] = await Promise.all([
        this.#countRows(),
        Promise.all(this.#queues.map(({ measure }) => measure())),
      ]);
      set({ service: 'postgres' }, rows === undefined ? 0 : 1);
      set({ service: 'sqs' }, depths.includes(undefined) ? 0 : 1);
    });
  }
}

type Collect = (set: (labels: Record<string, string>, value: number) => void) => void | Promise<void>;

/** A gauge that is asked for its values when somebody looks; those that cannot be had are left out. */
function gauge(registry: Registry, name: string, help: string, labelNames: string[], collect: Collect): void {
  new Gauge({
    name,
    help,
    labelNames,
    registers: [registry],
    async collect() {
      // A gauge without labels would be reset to 0, which would be reported.
      if (labelNames.length === 0) this.remove();
      else this.reset();
      await collect((labels, value) => this.set(labels, value));
    },
  });
}
