import { freeDiskBytes, type Logger } from '@rowferry/runtime';

const SECOND = 1000;
const MIB = 1024 * 1024;
const CHECK_EVERY_MS = 30 * SECOND;
/** What Postgres may write beside a file: its log of 512 MB, and the rows of a file of ordinary size. */
const RESERVE_BYTES = 1024 * MIB;

export type DiskWatchSettings = {
  dataDir: string;
  /** The largest file that is taken: the store keeps it whole. */
  maxUploadBytes: number;
  logger: Logger;
  /** Bytes that are free on the disk of a directory. */
  freeBytes?: (directory: string) => Promise<number>;
  checkEveryMs?: number;
};

/**
 * Warns while there is still time: when the disk has less room than the largest file may need, once, and says when there is
 * room again. @returns how to stop it.
 */
export function watchDisk({
  dataDir,
  maxUploadBytes,
  logger,
  freeBytes = freeDiskBytes,
  checkEveryMs = CHECK_EVERY_MS,
}: DiskWatchSettings): () => void {
  const neededBytes = maxUploadBytes + RESERVE_BYTES;
  let isLow = false;
  const check = async () => {
    // A disk that cannot be asked is noticed by those who write to it.
    const free = await freeBytes(dataDir).catch(() => undefined);
    if (free === undefined || free < neededBytes === isLow) return;
    isLow = !isLow;
    const facts = { dataDir, freeMiB: Math.floor(free / MIB), neededMiB: Math.ceil(neededBytes / MIB) };
    if (isLow) logger.warn(facts, 'disk space is low; make room, or set DATA_DIR to a larger disk');
    else logger.info(facts, 'disk space is sufficient again');
  };
  void check();
  const timer = setInterval(check, checkEveryMs);
  return () => clearInterval(timer);
}
