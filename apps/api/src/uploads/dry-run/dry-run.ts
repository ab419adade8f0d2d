import { type Change, countWrites, type Database, type PlacedEmployee } from '@rowferry/database';
import {
  type EncodingSample,
  type FileFacts,
  factsOf,
  readRows,
  type Survey,
  segmentsOf,
  survey,
  UnreadableFileError,
} from '@rowferry/employee-file';
import type { ReadSettings } from '@rowferry/messages';
import {
  type Employee,
  type FileColumn,
  fileColumnsOf,
  type OutcomeCounts,
  type RowError,
  type Suggestion,
  suggestionsFor,
  sumWarnings,
  type UploadFailure,
  ValueWarnings,
  validateRow,
  type Warning,
  zeroCounts,
} from '@rowferry/roster';
import { detachBuffer } from '@rowferry/runtime';
import { nameWarnings } from '../name-warnings.ts';
import { type ProblemKind, ProblemKinds } from './problem-kinds.ts';
import type { SpooledFile } from './spooled-file.ts';

/** Rejected rows that are listed with their errors; `rejected` counts all of them. */
export const PROBLEMS_MAX = 100;
/** Rows that are shown as they would be stored. */
export const FIRST_ROWS_MAX = 10;
/** Employees looked up in one statement, or a few hundred more. */
const BATCH_ROWS = 1000;

/** A row that would be rejected. */
export type RowProblem = { line: number; errors: readonly RowError[] };

/** A row as it would be stored. */
export type FirstRow = { line: number; employee: Employee };

/** What an upload of a file would result in, if it came now. */
export type DryRun = {
  /** Null for a file that cannot be read. */
  facts: FileFacts | null;
  total: number | null;
  counts: OutcomeCounts;
  problems: RowProblem[];
  /** All reasons to reject rows, the most frequent first. */
  problemKinds: ProblemKind[];
  /** The file's own columns. */
  fileColumns: FileColumn[];
  /** The first rows that can be stored, as they would be. */
  firstRows: FirstRow[];
  /** The first employees that are there already and would change, in order of line. */
  changes: Change[];
  /** Of the file as a whole, of its values and of names. */
  warnings: Warning[];
  /** What columns might be that were not found. */
  suggestions: Suggestion[];
  failure: UploadFailure | null;
  /** For the failure `unknown_encoding`: what the file would say in each encoding that it may be in. */
  encodings: readonly EncodingSample[];
};

/**
 * Reads, checks and counts a file as an upload of it would, with the same reader and the same rules, and writes nothing.
 *
 * @param signal ends it early, with its reason.
 */
export async function dryRun(
  database: Database,
  file: SpooledFile,
  settings: ReadSettings,
  signal: AbortSignal,
): Promise<DryRun> {
  signal.throwIfAborted();
  try {
    return await countRows(database, file, await survey(file.chunks(), settings), signal);
  } catch (error) {
    if (error instanceof UnreadableFileError) return unreadable(error);
    throw error;
  }
}

async function countRows(
  database: Database,
  file: SpooledFile,
  surveyed: Survey,
  signal: AbortSignal,
): Promise<DryRun> {
  const valueWarnings = new ValueWarnings();
  const kinds = new ProblemKinds();
  const seen = { rows: 0, rejected: 0, problems: [] as RowProblem[], firstRows: [] as FirstRow[] };
  const written = await countWrites(database, validRows());
  const counts = { ...zeroCounts(), ...written.counts, rejected: seen.rejected };
  const facts = factsOf(surveyed);
  const names = nameWarnings({ ...written.names, ...counts }, { naming: true });
  const suggestions = suggestionsFor(surveyed.header.sample, surveyed.header);
  const warnings = sumWarnings([...facts.warnings, ...valueWarnings.list(), ...names]);
  return {
    facts,
    total: seen.rows,
    counts,
    problems: seen.problems,
    problemKinds: kinds.list(),
    fileColumns: fileColumnsOf(surveyed.header.sample),
    firstRows: seen.firstRows,
    changes: written.changes,
    warnings,
    suggestions,
    failure: null,
    encodings: [],
  };

  async function* validRows(): AsyncGenerator<PlacedEmployee[]> {
    for (const segment of segmentsOf(surveyed)) {
      let batch: PlacedEmployee[] = [];
      const bytes = await file.read(segment);
      for await (const rows of readRows(segment, bytes)) {
        signal.throwIfAborted();
        for (const row of rows) {
          valueWarnings.see(row);
          const result = validateRow(row);
          if (result.ok) accept({ line: row.line, employee: result.employee }, batch);
          else reject({ line: row.line, errors: result.errors });
        }
        seen.rows += rows.length;
        if (batch.length < BATCH_ROWS) continue;
        yield batch;
        batch = [];
      }
      detachBuffer(bytes);
      yield batch;
    }
  }

  function accept(row: PlacedEmployee, batch: PlacedEmployee[]): void {
    batch.push(row);
    if (seen.firstRows.length < FIRST_ROWS_MAX) seen.firstRows.push(row);
  }

  function reject(row: RowProblem): void {
    kinds.see(row);
    if (seen.rejected++ < PROBLEMS_MAX) seen.problems.push(row);
  }
}

function unreadable({ failure, sample, encodings }: UnreadableFileError): DryRun {
  const suggestions = sample === undefined ? [] : suggestionsFor(sample);
  return {
    facts: null,
    total: null,
    counts: zeroCounts(),
    problems: [],
    problemKinds: [],
    fileColumns: sample === undefined ? [] : fileColumnsOf(sample),
    firstRows: [],
    changes: [],
    warnings: [],
    suggestions,
    failure,
    encodings,
  };
}
