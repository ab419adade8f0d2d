import type { S3Client } from '@aws-sdk/client-s3';
import { beforeReading, findSettings, ObjectGoneError, objectAddressOf, openObject, readObject } from '@rowferry/aws';
import { type CsvRecord, SEGMENT_BYTES } from '@rowferry/csv';
import type { UploadFile } from '@rowferry/database';
import { RecordFinder, type Survey, segmentsOf, survey, UnreadableFileError } from '@rowferry/employee-file';
import { UnreadableSettingsError } from '@rowferry/messages';
import { positionalHeader } from '@rowferry/roster';
import { detachBuffer } from '@rowferry/runtime';
import type { CsvShape } from './correction-csv.ts';

/** An upload's file as it was uploaded. Memory: a segment. */
export type OriginalFile = CsvShape & {
  /** The record that starts on this line, if it can still be had. Lines must be asked for in ascending order. */
  find(line: number): Promise<CsvRecord | undefined>;
};

/** Of a file that is not there any more, only what the ledger has kept of its rows is left. */
const GONE: OriginalFile = { header: positionalHeader(), delimiter: ',', find: async () => undefined };

/** Reads the file of an upload once, to know its columns and where its records are. @throws when S3 fails. */
export async function openOriginal(s3: S3Client, file: UploadFile): Promise<OriginalFile> {
  const { etag, versionId, sizeBytes } = file;
  // Before the file is stored nothing of it was read.
  if (etag === null && versionId === null) return GONE;
  const address = objectAddressOf({ ...file, etag: etag ?? '' });
  try {
    return await ((sizeBytes ?? 0) <= SEGMENT_BYTES ? openSmall(s3, file, address) : openLarge(s3, file, address));
  } catch (error) {
    if (isUnreadable(error)) return GONE;
    throw error;
  }
}

function isUnreadable(error: unknown): boolean {
  return (
    error instanceof ObjectGoneError || error instanceof UnreadableFileError || error instanceof UnreadableSettingsError
  );
}

type Address = ReturnType<typeof objectAddressOf>;

/** One segment: it is in memory anyway. */
async function openSmall(s3: S3Client, file: UploadFile, address: Address): Promise<OriginalFile> {
  const { bytes, settingsId } = await readObject(s3, address);
  // The settings that its rows were read by.
  const settings = await findSettings(s3, { ...file, settingsId });
  return originalOf(await survey([bytes], settings), async ({ start, end }) => bytes.subarray(start, end));
}

async function openLarge(s3: S3Client, file: UploadFile, address: Address): Promise<OriginalFile> {
  const { body, settingsId } = await openObject(s3, address);
  const settings = await beforeReading(body, findSettings(s3, { ...file, settingsId }));
  const surveyed = await survey(body, settings);
  let segment: Uint8Array = new Uint8Array();
  return originalOf(surveyed, async ({ start, end }) => {
    // Segments are looked at one after the other.
    detachBuffer(segment);
    segment = (await readObject(s3, { ...address, range: { start, end } })).bytes;
    return segment;
  });
}

function originalOf(
  surveyed: Survey,
  read: (range: { start: number; end: number }) => Promise<Uint8Array>,
): OriginalFile {
  const finder = new RecordFinder(segmentsOf(surveyed), read);
  return {
    header: surveyed.header,
    delimiter: surveyed.format.delimiter,
    find: (line) => finder.find(line).catch(undefinedWhenGone),
  };
}

/** The object may go between two of its segments. */
function undefinedWhenGone(error: unknown): undefined {
  if (!(error instanceof ObjectGoneError)) throw error;
}
