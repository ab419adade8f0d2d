import type { S3Client } from '@aws-sdk/client-s3';
import { type Database, poolUsage } from '@rowferry/database';
import type { ReadSettings } from '@rowferry/messages';
import type { Request, Response } from 'express';
import pLimit from 'p-limit';
import { type FileForm, type FormFile, type FormFileReceiver, receiveForm } from '../../http/receive-form.ts';
import { concurrencyLimit } from '../../http/semaphore.ts';
import type { RequestedSettings } from '../../import-settings/requested-settings.ts';
import { resolveSettings } from '../../import-settings/resolve-settings.ts';
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

export type DryRunStore = { database: Database; s3: S3Client; bucket: string };

export type AnswerDryRun = (
  request: Request,
  response: Response,
  requestedFor: (file: FormFile) => RequestedSettings,
) => Promise<DryRunResource>;

type Received = { file: SpooledFile; settings: ReadSettings };

/** Takes the file of a request as an upload would, and says what would become of it. Nothing of it is kept. */
export function dryRunAnswerer({ database, ...store }: DryRunStore, form: FileForm): AnswerDryRun {
  const limited = concurrencyLimit(DRY_RUNS_AT_ONCE, 'dry runs');
  // Counting holds a connection: most of the pool stays for everybody else.
  const counting = pLimit(Math.max(1, Math.floor(poolUsage(database).max / 4)));

  return (request, response, requestedFor) => {
    const spooling: FormFileReceiver<Received> = {
      async receive(file) {
        const settings = await resolveSettings(store, requestedFor(file));
        return { file: await SpooledFile.receive(await csvContentOf(file)), settings };
      },
      discard: ({ file }) => file.close(),
    };
    return limited(async () => {
      const { file, settings } = await receiveForm(request, response, form, spooling);
      // While it is counted nothing moves on the connection, which would be taken for a client that is gone.
      response.setTimeout(ANSWER_TIMEOUT_MS + MINUTE);
      try {
        const end = endOf(response);
        return toDryRunResource(await counting(() => dryRun(database, file, settings, end)));
      } finally {
        await file.close();
      }
    });
  };
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
