import { type Database, poolUsage } from '@rowferry/database';
import type { Request, Response } from 'express';
import pLimit from 'p-limit';
import { type FileForm, type FormFileReceiver, receiveForm } from '../../http/receive-form.ts';
import { concurrencyLimit } from '../../http/semaphore.ts';
import { serviceUnavailable } from '../../problems/api-problem.ts';
import { csvContentOf } from '../csv-form.ts';
import { dryRun } from './dry-run.ts';
import { type DryRunResource, toDryRunResource } from './resource.ts';
import { SpooledFile } from './spooled-file.ts';

const MINUTE = 60_000;
/** Each has a file on disk. */
const DRY_RUNS_AT_ONCE = 4;
/** Longest from the last byte to the answer: the largest file by default, 1 GiB, takes some 5 minutes. */
const ANSWER_TIMEOUT_MS = 15 * MINUTE;

const spooling: FormFileReceiver<SpooledFile> = {
  receive: async (file) => SpooledFile.receive(await csvContentOf(file)),
  discard: (spooled) => spooled.close(),
};

export type AnswerDryRun = (request: Request, response: Response) => Promise<DryRunResource>;

/** Takes the file of a request as an upload would, and says what would become of it. Nothing of it is kept. */
export function dryRunAnswerer(database: Database, form: FileForm): AnswerDryRun {
  const limited = concurrencyLimit(DRY_RUNS_AT_ONCE, 'dry runs');
  // Counting holds a connection: most of the pool stays for everybody else.
  const counting = pLimit(Math.max(1, Math.floor(poolUsage(database).max / 4)));

  return (request, response) =>
    limited(async () => {
      const file = await receiveForm(request, response, form, spooling);
      // While it is counted nothing moves on the connection, which would be taken for a client that is gone.
      response.setTimeout(ANSWER_TIMEOUT_MS + MINUTE);
      try {
        const end = endOf(response);
        return toDryRunResource(await counting(() => dryRun(database, file, end)));
      } finally {
        await file.close();
      }
    });
}

/** Aborts when nobody waits for the answer any more, or has waited too long. */
function endOf(response: Response): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort(serviceUnavailable('The client disconnected.')));
  const late = new AbortController();
  const minutes = ANSWER_TIMEOUT_MS / MINUTE;
  const timer = setTimeout(
    () => late.abort(serviceUnavailable(`The dry run took over ${minutes} minutes.`)),
    ANSWER_TIMEOUT_MS,
  );
  response.once('close', () => clearTimeout(timer));
  return AbortSignal.any([gone.signal, late.signal]);
}
