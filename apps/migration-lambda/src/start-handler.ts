import type { Logger } from '@rowferry/runtime';
import { z } from 'zod';
import { owner } from './migrate-handler.ts';

export type StartSettings = {
  /** The secret of the database's owner, as RDS keeps it: `{"username":…,"password":…}`. */
  readOwnerSecret(): Promise<string>;
  /** Calls the handler that is in the database's network; what it answers, as JSON. Rejects when that fails. */
  callMigrate(payload: string): Promise<string>;
  saveFirstKey(key: string): Promise<void>;
  logger: Logger;
};

const migrated = z.object({ key: z.string().nullable() });

/**
 * The handler that a deployment calls. It runs outside the database's network, where the owner's secret can be read without
 * an endpoint that costs money every hour; the one that migrates is inside, and has no right to anything.
 */
export function createStartHandler({ readOwnerSecret, callMigrate, saveFirstKey, logger }: StartSettings) {
  return async (): Promise<void> => {
    const { username, password } = owner.parse(JSON.parse(await readOwnerSecret()));
    const { key } = migrated.parse(JSON.parse(await callMigrate(JSON.stringify({ username, password }))));
    if (key !== null) await saveFirstKey(key);
    logger.info({ firstKey: key !== null }, 'the schema is up to date');
  };
}
