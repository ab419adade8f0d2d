import { isServiceUnavailable } from '@rowferry/aws';
import { isDatabaseUnavailable, touchBackfill } from '@rowferry/database';
import type { z } from 'zod';
import { checkFile } from './check-file.ts';
import { endAsFailed, failFile, publish, summarise } from './end.ts';
import { listObjects } from './list-objects.ts';
import { openExecution } from './open-execution.ts';
import type { BackfillHandlerSettings } from './settings.ts';
import { startFile } from './start-file.ts';
import { takeFiles } from './take-files.ts';
import { taskSchema } from './task.ts';

/** A service is unavailable: the state machine retries for longer than after other errors. */
class ServiceUnavailable extends Error {
  override readonly name = 'ServiceUnavailable';
}

/**
 * The handler of the state machine's tasks. Each may be done again, at any time and by two executions at once: what has been
 * done is in the database.
 *
 * @throws BackfillRefusedError when the task is to open what must not be; ServiceUnavailable; whatever else went wrong.
 */
export function createBackfillHandler(settings: BackfillHandlerSettings) {
  return async (event: unknown): Promise<object> => {
    const task = taskSchema.parse(event);
    try {
      if ('backfillId' in task) await touchBackfill(settings.database, task.backfillId);
      return await perform(settings, task);
    } catch (error) {
      if (!isDatabaseUnavailable(error) && !isServiceUnavailable(error)) throw error;
      throw new ServiceUnavailable('Postgres or S3 is unavailable', { cause: error });
    }
  };
}

async function perform(settings: BackfillHandlerSettings, task: z.output<typeof taskSchema>): Promise<object> {
  switch (task.operation) {
    case 'open':
      return openExecution(settings, task.request);
    case 'list':
      return listObjects(settings, task.backfillId);
    case 'take':
      return takeFiles(settings, task);
    case 'start-file':
      return startFile(settings, task);
    case 'check-file':
      return checkFile(settings, task);
    case 'fail-file':
      return failFile(settings, task);
    case 'summarise':
      return summarise(settings, task.backfillId);
    case 'publish':
      return publish(settings, task.backfillId);
    case 'fail-backfill':
      return endAsFailed(settings, task);
  }
}
