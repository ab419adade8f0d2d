import type { BackfillStore } from '@rowferry/backfill';
import type { Logger } from '@rowferry/runtime';

export type BackfillHandlerSettings = BackfillStore & {
  /** Larger files are not copied: the producer would not read them. */
  maxUploadBytes: number;
  logger: Logger;
};
