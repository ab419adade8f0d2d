/**
 * The parts of the ingest, each alone and as fast as it goes, writes beside `COPY` of the same rows; and what importing the
 * bundles of producer and consumer costs: `npm run bench:parts`. End to end they share the machine. docs/benchmarks/parts.md
 * says what is measured and how to read it.
 *
 * --rows N          of the roster
 * --rounds N        medians are printed
 * --runs N          imports of each bundle
 * --directory PATH  where the data are kept meanwhile; should not be in memory
 */
import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { BatchSender } from '@rowferry/aws';
import { connect, migrate, writeRows } from '@rowferry/database';
import { startEmulator, startPostgres } from '@rowferry/embedded';
import { readRows, segmentsOf, survey } from '@rowferry/employee-file';
import { decodeMessage, newUploadId } from '@rowferry/messages';
import { validateRow } from '@rowferry/roster';
import { RowPacker } from '../apps/producer-lambda/src/row-packer.ts';
import { rowsPerMessage } from '../apps/producer-lambda/src/rows-per-message.ts';
import { bundleFunction } from '../infra/src/bundle/bundle.ts';
import { measureBundleImport } from './bundle-import.ts';
import { reportGoals } from './goals.ts';
import { median, saveResults, say, sayTable, whole } from './results.ts';
import { copy } from './rivals/copy.ts';
import { employeeAt, rowsToWrite, writeCopyInput, writeRoster } from './roster.ts';
import { readScriptOptions } from './script-options.ts';

const MB = 1_000_000;
const ROWS_PER_STATEMENT = [10, 100, 1000, 2000];
/** As many as a large file has. */
const ROWS_PER_MESSAGE = rowsPerMessage(1_000_000);
/** Only large files are split: the roster so many times over, that V8 has compiled what it runs. */
const SPLIT_TIMES = 10;
const WRITERS = 4;
/** Statements of ten rows are slow: a part of the roster is enough to see it. */
const STATEMENTS_AT_MOST = 1000;

const values = readScriptOptions('bench:parts', import.meta.url, {
  rows: { type: 'string', default: '200000' },
  rounds: { type: 'string', default: '3' },
  runs: { type: 'string', default: '15' },
  directory: { type: 'string', default: tmpdir() },
});
const rows = Number(values.rows);
const rounds = Number(values.rounds);

const directory = await mkdtemp(join(values.directory, 'rowferry-bench-'));
const file = join(directory, 'roster.csv');
/** `ofCopy`: of writes of all rows. */
type Result = { part: string; rate: number; unit: string; ofCopy?: number };

const results: Result[] = [];
try {
  await writeRoster(file, rows);
  await measureReading();
  await measureMessages();
  await measureSending();
  await measureWriting();
  const bundles = await measureBundles();
  sayTable([
    ['', 'rate', '', 'of COPY'],
    ...results.map(({ part, rate, unit, ofCopy }) => [part, whole(rate), unit, ofCopy?.toFixed(2) ?? '']),
  ]);
  const measured = { producerImport: bundles.producer.ms, consumerImport: bundles.consumer.ms };
  const ratios = reportGoals(measured, `${values.runs} runs`);
  saveResults('parts', { rows, rounds, ratios, results, bundles });
} finally {
  await rm(directory, { recursive: true, force: true });
}

async function measureReading(): Promise<void> {
  const bytes = await readFile(file);
  const large = join(directory, 'large.csv');
  await writeFile(large, Array(SPLIT_TIMES).fill(bytes));
  await measure('split: read once, find records, check UTF-8', 'MB/s', (SPLIT_TIMES * bytes.length) / MB, async () => {
    await survey(createReadStream(large, { highWaterMark: 64 * 1024 }));
  });
  const segments = segmentsOf(await survey([bytes]));
  await measure('parse: segments into rows with lines', 'rows/s', rows, async () => {
    for (const segment of segments)
      for await (const batch of readRows(segment, bytes.subarray(segment.start, segment.end))) void batch;
  });
}

async function measureMessages(): Promise<void> {
  const uploadId = newUploadId();
  await measure('pack: rows into messages', 'rows/s', rows, async () => void pack(uploadId, rows, ROWS_PER_MESSAGE));
  const bodies = pack(uploadId, rows, ROWS_PER_MESSAGE);
  await measure('decode and check: messages into employees', 'rows/s', rows, async () => {
    for (const body of bodies) {
      const message = decodeMessage(body);
      if (message.type !== 'rows' || !message.rows.every((row) => validateRow(row).ok))
        throw new Error('a row is refused');
    }
  });
}

async function measureSending(): Promise<void> {
  const emulator = await startEmulator({ dataDir: join(directory, 's3-sqs'), port: 0 });
  const { endpoint, credentials } = emulator;
  const sqs = new SQSClient({ endpoint, region: 'us-east-1', credentials });
  for (const perMessage of [1, ROWS_PER_MESSAGE]) {
    const bodies = pack(newUploadId(), perMessage === 1 ? rows / 20 : rows, perMessage);
    const unit = `messages/s (${whole((bodies[0] ?? '').length)} bytes each)`;
    await measure(`send: messages of ${perMessage}, ten to a request`, unit, bodies.length, async () => {
      const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: newUploadId() }));
      const sender = new BatchSender(sqs, QueueUrl);
      for (const body of bodies) await sender.send(body);
      await sender.flush();
    });
  }
  sqs.destroy();
  await emulator.stop();
}

async function measureWriting(): Promise<void> {
  const postgres = await startPostgres({ dataDir: join(directory, 'postgres'), port: 0, database: 'rowferry' });
  const database = connect({ url: postgres.url, poolMax: WRITERS, onWarning: say });
  await migrate(database);
  const copyRate = await measureCopy(postgres.url);
  for (const size of ROWS_PER_STATEMENT) {
    const total = Math.min(rows, size * STATEMENTS_AT_MOST);
    const written = await measure(
      `write: ${whole(size)} rows a statement, ${WRITERS} at a time`,
      'rows/s',
      total,
      async () => {
        await database.raw('truncate employees, upload_rows, upload_counts');
        const uploadId = newUploadId();
        const receivedAtMicros = Date.now() * 1000;
        let next = 0;
        const writer = async () => {
          while (next < total) {
            const count = Math.min(size, total - next);
            const batch = rowsToWrite(uploadId, receivedAtMicros, { start: next, count });
            next += size;
            await writeRows(database, batch, []);
          }
        };
        await Promise.all(Array.from({ length: WRITERS }, writer));
      },
    );
    // A smaller table would flatter the writes: its indexes are cheaper.
    if (total === rows) written.ofCopy = written.rate / copyRate;
  }
  await database.destroy();
  await postgres.stop();
}

/** @returns rows a second. */
async function measureCopy(databaseUrl: string): Promise<number> {
  const input = join(directory, 'copy.csv');
  await writeCopyInput(input, rows, newUploadId());
  const rates: number[] = [];
  for (let round = 0; round < rounds; round++) rates.push(rows / (await copy(databaseUrl, input)).seconds);
  const rate = median(rates);
  results.push({ part: 'COPY of the same rows, one connection', rate, unit: 'rows/s' });
  return rate;
}

async function measureBundles() {
  const measureOne = async (name: 'producer' | 'consumer') => {
    await bundleFunction(name, join(directory, name));
    return measureBundleImport(join(directory, name, 'index.mjs'), Number(values.runs));
  };
  return { producer: await measureOne('producer'), consumer: await measureOne('consumer') };
}

function pack(uploadId: string, count: number, rowsPerMessage: number): string[] {
  const packer = new RowPacker({ uploadId, segment: 0, rowsPerMessage });
  const bodies: string[] = [];
  for (let index = 0; index < count; index++) {
    const body = packer.add({ line: index + 2, ...employeeAt(index) });
    if (body !== undefined) bodies.push(body);
  }
  const rest = packer.take();
  return rest === undefined ? bodies : [...bodies, rest];
}

async function measure(part: string, unit: string, amount: number, run: () => Promise<void>): Promise<Result> {
  const rates: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await run();
    rates.push((amount * 1000) / (performance.now() - start));
  }
  const result: Result = { part, rate: median(rates), unit };
  results.push(result);
  return result;
}
