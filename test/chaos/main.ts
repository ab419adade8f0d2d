/**
 * Shows that whatever breaks, no row is lost and none is written twice: `npm run test:chaos`. Files are imported while workers,
 * the API, Postgres, S3 and SQS are killed, stopped and cut off; then every row is accounted for (docs/reliability.md).
 *
 * --seed N   repeats a run: the same files, the same faults
 * --rows N   of all files
 * --times N  how often each fault is injected
 * --keep     leaves the directory with what the processes logged
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readScriptOptions } from '../../bench/script-options.ts';
import { ApiClient, type UploadView } from './api-client.ts';
import { untilDrained, untilPublished } from './drain.ts';
import { Journal } from './journal.ts';
import { isFinished, isSettled, Operator } from './operator.ts';
import { diedOfFaults, dropPoison, examinePoison, installPoison } from './poison.ts';
import { randomOf } from './random.ts';
import { printReport, type Report } from './report.ts';
import { FAULT_SERIES, type Injections, runSeries } from './schedule.ts';
import { sendFiles, sendStubbornly } from './sender.ts';
import { type System, startSystem } from './system.ts';
import { verify } from './verify.ts';
import { Watch } from './watch.ts';
import { type PlannedFile, planFiles, planPoisonFile } from './workload.ts';

const MINUTE = 60_000;
/**
 * Longest that nothing may move once no fault is injected any more: a message that was in a worker's hands comes again after
 * 30 seconds, the last attempt of another waits for 32.
 */
const STILL_MS = 2 * MINUTE;
const DRAIN_MS = 3 * MINUTE;
const STOP_MS = 45_000;
/** A run that takes longer hangs, or has a machine that is too busy. */
const TIMEOUT_MS = 15 * MINUTE;

const options = readScriptOptions('test:chaos', import.meta.url, {
  seed: { type: 'string' },
  rows: { type: 'string', default: '50000' },
  times: { type: 'string', default: '6' },
  keep: { type: 'boolean', default: false },
});

/** @returns whether every row was accounted for. */
async function main(seed: number, rows: number): Promise<boolean> {
  const started = performance.now();
  const directory = await mkdtemp(join(tmpdir(), 'rowferry-chaos-'));
  // Others may pass through it: root's Postgres runs as another user.
  await chmod(directory, 0o711);
  const journal = new Journal(join(directory, 'journal.ndjson'));
  process.stdout.write(`seed ${seed}; what the processes log is in ${directory}/journal.ndjson\n`);

  const files = planFiles(randomOf(seed), rows);
  const poisonFile = planPoisonFile(randomOf(seed + 1));
  const running = new AsyncDisposableStack();
  let isWell = false;
  try {
    const system = await startSystem(directory, randomOf(seed + 2), journal, running);
    await installPoison(system.postgres.url);
    const run = await runChaos(system, journal, seed, files, poisonFile, running);
    const findings = [...run.findings, ...(await stop(system))];
    const result = await verify(system.postgres.url, [...files, poisonFile], run.accepted);
    const seconds = Math.round((performance.now() - started) / 1000);
    const report: Report = {
      seed,
      seconds,
      injections: run.injections,
      always: system.proxies.messages.tally,
      result: { ...result, findings: [...findings, ...result.findings] },
      retries: journal.retries,
      dead: journal.dead,
      redriven: run.redriven,
    };
    isWell = printReport(report);
    return isWell;
  } finally {
    await running.disposeAsync();
    if (isWell && !options.keep) await rm(directory, { recursive: true, force: true });
  }
}

/** Files go in while faults are injected; then all must settle, the poison included, and the system must be as alive as before. */
async function runChaos(
  system: System,
  journal: Journal,
  seed: number,
  files: readonly PlannedFile[],
  poisonFile: PlannedFile,
  running: AsyncDisposableStack,
) {
  const api = new ApiClient(system.apiUrl);
  const watch = new Watch(system.postgres.url, journal);
  running.defer(() => watch.stop());
  const poisonId = await sendStubbornly(api, poisonFile, journal);
  const isPoisonFile = ({ id }: UploadView) => id === poisonId;
  const operator = new Operator(api, journal, isPoisonFile);

  const faultsOver = new AbortController();
  const series = injectUntilDone(system, seed, journal, watch).finally(() => faultsOver.abort());
  const sending = sendFiles(api, files, watch, journal, faultsOver.signal);
  const operating = operator.work(() => faultsOver.signal.aborted, TIMEOUT_MS);
  const [injections] = await Promise.all([series, sending, operating]);

  await operator.work(everySettledBut(isPoisonFile), STILL_MS);
  if (await diedOfFaults(api, poisonId)) {
    await operator.redriveStubbornly(poisonId, STILL_MS);
    await operator.work(everySettledBut(isPoisonFile), STILL_MS);
  }
  const findings = await examinePoison(api, poisonId, poisonFile);
  await dropPoison(system.postgres.url);
  await operator.redriveStubbornly(poisonId, STILL_MS);
  watch.expect(await sendStubbornly(api, files.at(-1) ?? poisonFile, journal), 0);
  await operator.work(
    everySettledBut(() => false),
    STILL_MS,
  );
  await untilPublished(system.postgres.url, DRAIN_MS);
  const { NOTIFICATIONS_QUEUE_URL: notifications, ALERTS_QUEUE_URL: alerts } = system.events;
  await untilDrained(system.emulator.endpoint, { ...system.queues, notifications, alerts }, DRAIN_MS);
  return { injections, findings, redriven: operator.redriven, accepted: new Set([poisonId, ...watch.expected()]) };
}

async function injectUntilDone(system: System, seed: number, journal: Journal, watch: Watch): Promise<Injections> {
  const series = FAULT_SERIES.map((series, index) =>
    runSeries(series, Number(options.times), system, randomOf(seed + 10 + index), journal, watch.untilBusy),
  );
  return new Map((await Promise.all(series)).flatMap((injections) => [...injections]));
}

function everySettledBut(isExcepted: (upload: UploadView) => boolean) {
  return (uploads: readonly UploadView[]) =>
    uploads.every(
      (upload) =>
        isSettled(upload) ||
        (isExcepted(upload) && isFinished(upload)) ||
        // Without end: its client was told that sending failed, and sent the file again.
        upload.status === 'receiving',
    );
}

/** Stops the processes as a deployment would. @returns what they should not have said, done or left undone. */
async function stop(system: System): Promise<string[]> {
  const processes = [system.api, ...system.workers];
  const codes = await Promise.all(processes.map((process) => process.stop(STOP_MS)));
  return [
    ...processes.flatMap(({ complaints }) => complaints),
    ...codes.filter((code) => code !== 0).map((code) => `a process ended with code ${code} when it was asked to stop`),
  ];
}

// What was started ends with this process, also by Ctrl-C.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const hang = setTimeout(() => {
  process.stderr.write(`chaos: not through after ${TIMEOUT_MS / MINUTE} minutes\n`);
  process.exit(1);
}, TIMEOUT_MS);
const seed = Number(options.seed ?? Date.now() % 1_000_000);
const ok = await main(seed, Number(options.rows));
clearTimeout(hang);
process.exit(ok ? 0 : 1);
