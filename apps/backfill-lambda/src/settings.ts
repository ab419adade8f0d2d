import type { BackfillStore } from '@rowferry/backfill';
import type { Logger } from '@rowferry/runtime';

export type BackfillHandlerSettings = BackfillStore & {
  /** Larger files are not copied: the producer would not read them. */
  maxUploadBytes: number;
  /** Files of one backfill that are under way at the same time at most, whatever was asked for: each takes a connection. */
  concurrencyMax?: number | undefined;
  logger: Logger;
};
