import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EnvironmentError, processMetrics } from '@rowferry/runtime';
import type { SQSEvent } from 'aws-lambda';
import { Counter, Histogram } from 'prom-client';
import type { QueueHandler } from './queue-poller.ts';

const SECOND = 1000;
/** From at once to hours behind. */
const AGE_BUCKETS = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14_400];
const HOST = '127.0.0.1';

export type RunningMetrics = { url: string; close(): Promise<void> };

/** The metrics of a worker for Prometheus: how long batches take to write, and how long their messages waited before. */
export class WorkerMetrics {
  readonly #registry = processMetrics();
  readonly #writeSeconds = new Histogram({
    name: 'rowferry_batch_write_seconds',
    help: 'From the receipt of a batch of row messages to its rows being written',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [this.#registry],
  });
  readonly #waitSeconds = new Histogram({
    name: 'rowferry_message_age_seconds',
    help: 'Age of the oldest message of a batch when it was received',
    buckets: AGE_BUCKETS,
    registers: [this.#registry],
  });
  readonly #objectEventSeconds = new Histogram({
    name: 'rowferry_object_event_age_seconds',
    help: 'Age of a notification of S3 when it was received; only where S3 notifies a queue',
    buckets: AGE_BUCKETS,
    registers: [this.#registry],
  });
  readonly #messages = new Counter({
    name: 'rowferry_row_messages_total',
    help: 'Row messages by result: written, or failed and to be retried',
    labelNames: ['result'],
    registers: [this.#registry],
  });

  /** The handler of the row queue, measured. */
  observe(handler: QueueHandler): QueueHandler {
    return async (event) => {
      this.#waitSeconds.observe(ageOfOldest(event));
      const stop = this.#writeSeconds.startTimer();
      const answer = await handler(event);
      stop();
      const failed = answer.batchItemFailures.length;
      this.#messages.inc({ result: 'failed' }, failed);
      this.#messages.inc({ result: 'written' }, event.Records.length - failed);
      return answer;
    };
  }

  /** The handler of the queue that S3 notifies, measured. */
  observeObjectEvents(handler: QueueHandler): QueueHandler {
    return (event) => {
      this.#objectEventSeconds.observe(ageOfOldest(event));
      return handler(event);
    };
  }

  /** Serves them at `/metrics` on loopback. @throws EnvironmentError when the port cannot be listened on. */
  async serve(port: number): Promise<RunningMetrics> {
    const server = createServer(async (request, response) => {
      if (request.method === 'GET' && request.url === '/metrics') {
        response.setHeader('Content-Type', this.#registry.contentType).end(await this.#registry.metrics());
      } else response.writeHead(404).end();
    });
    server.listen({ host: HOST, port });
    await once(server, 'listening').catch((error: unknown) => {
      const reason = error instanceof Error && 'code' in error ? error.code : String(error);
      throw new EnvironmentError(`METRICS_PORT ${port} cannot be listened on (${reason}); set another, or none`);
    });
    const { port: actual } = server.address() as AddressInfo;
    return { url: `http://${HOST}:${actual}/metrics`, close: () => close(server) };
  }
}

/** Seconds since the oldest message of the event was sent to the queue. */
function ageOfOldest({ Records }: SQSEvent): number {
  const sent = Records.map(({ attributes }) => Number(attributes.SentTimestamp)).filter(Number.isFinite);
  return sent.length === 0 ? 0 : Math.max(0, Date.now() - Math.min(...sent)) / SECOND;
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
