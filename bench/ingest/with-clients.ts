import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { reportGoals } from '../goals.ts';
import { median, saveResults, say, sayTable, whole } from '../results.ts';
import { writeRoster } from '../roster.ts';
import { type System, type Usages, usedBetween } from '../system.ts';
import { beginEmpty, beginTidied, openDatabase } from '../tables.ts';
import { ingest } from '../upload.ts';
import { KINDS, type Kind, type Percentiles, percentilesOf, startPeople } from './people.ts';
import { type Run, withSystem } from './run.ts';

const CLIENTS = 20;
const LABELS: Record<Kind, string> = { firstPage: 'first page', otherPages: 'pages 2 to 97', searches: 'searches' };

type Import = { seconds: number; usages: Usages };
type WithClients = Import & { answers: Record<Kind, Percentiles>; failed: number };
type ClientsRound = { rows: number; undisturbed: Import; withClients: WithClients };
type Sizes = { rows: number; existing: number };

/** One file alone, and one while people page and search. Both find the same employees there and bring the same new ones. */
export async function measureWithClients(run: Run, sizes: Sizes): Promise<void> {
  const rounds: ClientsRound[] = [];
  await withSystem(run, async (system) => {
    for (let number = 0; number < run.rounds; number++) {
      const round = await runRound({ system, directory: run.directory, ...sizes }, number % 2 === 0);
      rounds.push(round);
      say(
        `round ${number + 1}: ${ratioOf(round).toFixed(2)} of undisturbed, first page p95 ${ms(medianOf([round], 'firstPage', 'p95'))} ms`,
      );
    }
  });
  report(rounds, sizes);
  const measured = {
    withClientsOfUndisturbed: median(rounds.map(ratioOf)),
    firstPageP95WhileImporting: medianOf(rounds, 'firstPage', 'p95'),
  };
  const ratios = reportGoals(measured, `${whole(sizes.rows)} rows`);
  const rowsPerMessage = run.rowsPerMessage ?? 'by size';
  saveResults('ingest-with-clients', { ...sizes, clients: CLIENTS, rowsPerMessage, ratios, rounds });
}

type Setting = Sizes & { system: System; directory: string };

async function runRound(setting: Setting, undisturbedFirst: boolean): Promise<ClientsRound> {
  const before = undisturbedFirst ? await importAlone(setting) : undefined;
  const withClients = await importWithClients(setting);
  return { rows: setting.rows, undisturbed: before ?? (await importAlone(setting)), withClients };
}

function importAlone(setting: Setting): Promise<Import> {
  return withFile(setting, (file) => importFile(setting, file));
}

function importWithClients(setting: Setting): Promise<WithClients> {
  const { system, existing } = setting;
  return withFile(setting, async (file) => {
    const people = await startPeople({ apiUrl: system.apiUrl, clients: CLIENTS, existing });
    const imported = await importFile(setting, file).finally(() => people.stop());
    const { times, failed } = await people.stop();
    const answers = {
      firstPage: percentilesOf(times.firstPage),
      otherPages: percentilesOf(times.otherPages),
      searches: percentilesOf(times.searches),
    };
    return { ...imported, answers, failed };
  });
}

/** A file of new employees; those who exist have been imported before. */
async function withFile<T>(
  { system, directory, rows, existing }: Setting,
  use: (file: string) => Promise<T>,
): Promise<T> {
  const file = join(directory, 'roster.csv');
  const client = await openDatabase(system.databaseUrl);
  try {
    await beginEmpty(client);
    await writeRoster(file, existing);
    await importAll(system, file, existing);
    await writeRoster(file, rows, { first: existing });
    await beginTidied(client, system.databaseUrl);
    return await use(file);
  } finally {
    await client.end();
    await rm(file, { force: true });
  }
}

async function importFile({ system, rows }: Setting, file: string): Promise<Import> {
  const before = system.usages();
  const seconds = await importAll(system, file, rows);
  return { seconds, usages: usedBetween(before, system.usages()) };
}

/** @returns seconds from "upload accepted" to "last row visible". @throws unless all rows are new employees. */
async function importAll({ apiUrl }: System, file: string, rows: number): Promise<number> {
  const { upload, landSeconds } = await ingest(apiUrl, file);
  if (upload.status === 'completed' && upload.counts.inserted === rows) return landSeconds;
  throw new Error(`not all ${rows} rows were inserted: ${JSON.stringify(upload)}`);
}

function report(rounds: readonly ClientsRound[], { rows, existing }: Sizes): void {
  const rate = (which: 'undisturbed' | 'withClients') =>
    whole(rows / median(rounds.map((round) => round[which].seconds)));
  say('');
  sayTable([
    [`${whole(rows)} rows beside ${whole(existing)} employees`, 'rows/s', 'of undisturbed'],
    ['undisturbed', rate('undisturbed'), ''],
    [`while ${CLIENTS} clients page and search`, rate('withClients'), median(rounds.map(ratioOf)).toFixed(2)],
  ]);
  say('');
  sayTable([
    ['milliseconds, during the import', 'p50', 'p95', 'p99', 'answers a round'],
    ...KINDS.map((kind) => [
      LABELS[kind],
      ms(medianOf(rounds, kind, 'p50')),
      ms(medianOf(rounds, kind, 'p95')),
      ms(medianOf(rounds, kind, 'p99')),
      whole(medianOf(rounds, kind, 'asked')),
    ]),
  ]);
  say(`  requests that failed: ${rounds.reduce((sum, { withClients }) => sum + withClients.failed, 0)}`);
}

function ratioOf({ undisturbed, withClients }: ClientsRound): number {
  return undisturbed.seconds / withClients.seconds;
}

function medianOf(rounds: readonly ClientsRound[], kind: Kind, what: keyof Percentiles): number {
  return median(rounds.map(({ withClients }) => withClients.answers[kind][what] ?? Number.NaN));
}

function ms(value: number): string {
  return value.toFixed(1);
}
