import type { Database } from '@rowferry/database';
import type { Request, Response } from 'express';
import { Slots } from '../http/slots.ts';
import { ApiProblem } from '../problems/catalogue.ts';
import { serviceAway } from '../problems/problem-handler.ts';
import { FILE_FIELD } from '../uploads/contract.ts';
import { receiveFile } from '../uploads/receive-file.ts';
import { dryRun } from './dry-run.ts';
import { type DryRunResource, toDryRunResource } from './schema.ts';
import { SpoolEngine } from './spool-engine.ts';

const MINUTE = 60_000;
/** Each holds a connection of the pool, four by default, while it counts, and a file on disk. */
const DRY_RUNS_AT_ONCE = 2;
/** Longest that counting may take: the largest file by default, 1 GiB, takes some 4 minutes. */
const TIME_BOUND = 10 * MINUTE;

export type AnswerDryRun = (request: Request, response: Response) => Promise<DryRunResource>;

/** Takes the file of a request as an upload would, and says what would become of it. Nothing of it is kept. */
export function dryRunAnswerer(database: Database, maxUploadBytes: number): AnswerDryRun {
  const receive = receiveFile(new SpoolEngine(), maxUploadBytes);
  const slots = new Slots(DRY_RUNS_AT_ONCE, 'dry runs');

  return (request, response) =>
    slots.run(async () => {
      const file = (await receive(request, response))?.spooled;
      if (file === undefined) throw new ApiProblem('no_file', `Send the file in the multipart field "${FILE_FIELD}".`);
      // While it is counted nothing moves on the connection, which would be taken for a client that is gone.
      response.setTimeout(TIME_BOUND + MINUTE);
      try {
        return toDryRunResource(await dryRun(database, file, endOf(response)));
      } finally {
        await file.close();
      }
    });
}

/** Aborts when nobody waits for the answer any more, or has waited too long. */
function endOf(response: Response): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort(serviceAway('The client went away.')));
  const late = new AbortController();
  const minutes = TIME_BOUND / MINUTE;
  const timer = setTimeout(() => late.abort(serviceAway(`The dry run took over ${minutes} minutes.`)), TIME_BOUND);
  response.once('close', () => clearTimeout(timer));
  return AbortSignal.any([gone.signal, late.signal]);
}
