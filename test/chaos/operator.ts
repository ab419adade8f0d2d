import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient, UploadView } from './api-client.ts';
import type { Journal } from './journal.ts';

const ROUND_MS = 2000;

export type Redriven = { rows: number; files: number };

/** Who looks after a running system: sees what failed for no fault of a file and has it redriven. */
export class Operator {
  readonly redriven: Redriven = { rows: 0, files: 0 };
  readonly #api: ApiClient;
  readonly #journal: Journal;
  /** Uploads that the operator knows to be hopeless for now. */
  readonly #leaveAlone: (upload: UploadView) => boolean;

  constructor(api: ApiClient, journal: Journal, leaveAlone: (upload: UploadView) => boolean) {
    this.#api = api;
    this.#journal = journal;
    this.#leaveAlone = leaveAlone;
  }

  /** Looks and redrives until `isOver`. @throws when nothing moves any more for `stillMs`. */
  async work(isOver: (uploads: readonly UploadView[]) => boolean, stillMs: number): Promise<void> {
    let seen = '';
    let moved = Date.now();
    for (;;) {
      const uploads = await this.#look();
      if (uploads !== undefined && isOver(uploads)) return;
      if (JSON.stringify(uploads) !== seen) moved = Date.now();
      seen = JSON.stringify(uploads);
      if (Date.now() > moved + stillMs) throw new Error(`nothing has moved for ${stillMs} ms: ${seen}`);
      for (const upload of uploads ?? [])
        if (needsRedrive(upload) && !this.#leaveAlone(upload)) await this.redrive(upload.id);
      await delay(ROUND_MS);
    }
  }

  /** Redrives an upload that `work` leaves alone, until it is taken. @throws when it is not for `timeoutMs`. */
  async redriveStubbornly(uploadId: string, timeoutMs: number): Promise<void> {
    const end = Date.now() + timeoutMs;
    while (!(await this.redrive(uploadId))) {
      if (Date.now() > end) throw new Error(`upload ${uploadId} could not be redriven for ${timeoutMs} ms`);
      await delay(ROUND_MS);
    }
  }

  /** @returns whether it was taken. */
  async redrive(uploadId: string): Promise<boolean> {
    try {
      const { rows, file } = await this.#api.redrive(uploadId);
      this.redriven.rows += rows;
      if (file) this.redriven.files++;
      this.#journal.note('redriven', { uploadId, rows, file });
      return true;
    } catch (error) {
      // Under faults of its own, or landed meanwhile: seen at the next look.
      this.#journal.note('redriving failed', { uploadId, error: String(error) });
      return false;
    }
  }

  async #look(): Promise<UploadView[] | undefined> {
    try {
      return await this.#api.uploads();
    } catch (error) {
      this.#journal.note('looking failed', { error: String(error) });
      return undefined;
    }
  }
}

function needsRedrive({ status, counts, failure }: UploadView): boolean {
  return (counts.dead ?? 0) > 0 || status === 'stalled' || failure?.code === 'internal';
}

/** Read to its end, and every row has an outcome. */
export function isFinished({ status }: UploadView): boolean {
  return status === 'completed' || status === 'completed_with_errors';
}

/** Finished, and no outcome is `dead`. */
export function isSettled(upload: UploadView): boolean {
  return isFinished(upload) && upload.counts.dead === 0;
}
