import { type Database, poolUsage } from '@rowferry/database';
import type { Request, Response } from 'express';
import { serviceUnavailable } from '../../http/problem-handler.ts';
import { Slots } from '../../http/slots.ts';
import { Turns } from '../../http/turns.ts';
import { ApiProblem } from '../../problems/catalogue.ts';
import { FILE_FIELD } from '../contract.ts';
import { receiveFile } from '../multipart/receive-file.ts';
import { dryRun } from './dry-run.ts';
import { type DryRunResource, toDryRunResource } from './schema.ts';
import { SpoolEngine } from './spool-engine.ts';

const MINUTE = 60_000;
/** Each has a file on disk. */
const DRY_RUNS_AT_ONCE = 4;
/** Longest from the last byte to the answer: the largest file by default, 1 GiB, takes some 5 minutes. */
const TIME_BOUND = 15 * MINUTE;

export type AnswerDryRun = (request: Request, response: Response) => Promise<DryRunResource>;

/** Takes the file of a request as an upload would, and says what would become of it. Nothing of it is kept. */
export function dryRunAnswerer(database: Database, maxUploadBytes: number): AnswerDryRun {
  const receive = receiveFile(new SpoolEngine(), maxUploadBytes);
  const slots = new Slots(DRY_RUNS_AT_ONCE, 'dry runs');
  // Counting holds a connection: most of the pool stays for everybody else.
  const turns = new Turns(Math.max(1, Math.floor(poolUsage(database).max / 4)));

  return (request, response) =>
    slots.run(async () => {
      const file = (await receive(request, response))?.spooled;
      if (file === undefined) throw new ApiProblem('no_file', `Send the file in the multipart field "${FILE_FIELD}".`);
      // While it is counted nothing moves on the connection, which would be taken for a client that is gone.
      response.setTimeout(TIME_BOUND + MINUTE);
      try {
        const end = endOf(response);
        return toDryRunResource(await turns.run(() => dryRun(database, file, end)));
      } finally {
        await file.close();
      }
    });
}

/** Aborts when nobody waits for the answer any more, or has waited too long. */
function endOf(response: Response): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort(serviceUnavailable('The client went away.')));
  const late = new AbortController();
  const minutes = TIME_BOUND / MINUTE;
  const timer = setTimeout(
    () => late.abort(serviceUnavailable(`The dry run took over ${minutes} minutes.`)),
    TIME_BOUND,
  );
  response.once('close', () => clearTimeout(timer));
  return AbortSignal.any([gone.signal, late.signal]);
}
