import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { between, pick, type Random } from './random.ts';
import type { System } from './system.ts';

/** What the schedule injects; `delivered twice` and `reordered` go on all the time. */
export const PROCESS_FAULTS = ['worker killed', 'emulator killed', 'backends terminated', 'postgres stopped'] as const;
export const NETWORK_FAULTS = [
  'postgres cut',
  'postgres stalled',
  'postgres blackholed',
  's3/sqs cut',
  's3/sqs stalled',
  's3/sqs blackholed',
] as const;
export const SERVICE_FAULTS = ['sends refused', 'sqs throttled'] as const;

export const FAULTS = [...PROCESS_FAULTS, ...NETWORK_FAULTS, ...SERVICE_FAULTS] as const;
export type Fault = (typeof FAULTS)[number];

/** Longest that a fault of the service waits for requests that it can hit. */
const SERVICE_TIMEOUT_MS = 30_000;

/** Does one fault, and undoes it where it lasts. @returns how many processes, connections or requests it hit. */
export async function injectFault(fault: Fault, system: System, random: Random): Promise<number> {
  const { postgres, s3, sqs, messages } = system.proxies;
  const lasting = between(random, 1500, 4000);
  switch (fault) {
    case 'worker killed':
      await pick(random, system.workers).killAndRestart();
      return 1;
    case 'emulator killed':
      await system.emulator.kill();
      await delay(between(random, 0, 2000));
      await system.emulator.startAgain();
      return 1;
    case 'backends terminated':
      return terminateBackends(system.postgres.url);
    case 'postgres stopped':
      await system.postgres.stopImmediately();
      await delay(between(random, 0, 3000));
      await system.postgres.startAgain();
      return 1;
    case 'postgres cut':
      return postgres.cut();
    case 'postgres stalled':
      return postgres.stall(lasting);
    case 'postgres blackholed':
      return postgres.blackhole(lasting);
    case 's3/sqs cut':
      return s3.cut() + sqs.cut();
    case 's3/sqs stalled':
      return sum(await Promise.all([s3.stall(lasting), sqs.stall(lasting)]));
    case 's3/sqs blackholed':
      return sum(await Promise.all([s3.blackhole(lasting), sqs.blackhole(lasting)]));
    case 'sends refused':
      return messages.refuse(between(random, 10, 50), SERVICE_TIMEOUT_MS);
    case 'sqs throttled':
      return messages.throttle(between(random, 20, 100), SERVICE_TIMEOUT_MS);
  }
}

async function terminateBackends(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ faulted: string }>(
      `select count(*) filter (where pg_terminate_backend(pid)) as faulted from pg_stat_activity
       where backend_type = 'client backend' and pid <> pg_backend_pid()`,
    );
    return Number(rows[0]?.faulted);
  } catch {
    // Another fault has Postgres down: nothing was hit, and the schedule injects it again.
    return 0;
  } finally {
    await client.end().catch(() => {});
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
