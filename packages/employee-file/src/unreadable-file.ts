import { detectFormat, HEAD_BYTES, type NotCsv } from '@rowferry/csv';
import type { HeaderSample, UploadFailure } from '@rowferry/roster';
import { type Chunks, peek } from './peek.ts';

/** What a file would say in one encoding: cells with letters over ASCII. */
export type EncodingSample = { encoding: string; cells: string[] };

/** The file as a whole cannot be read; the uploader must fix it. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
  readonly failure: UploadFailure;
  /** What the file has in place of a header that can be read, where it has any. */
  readonly sample: HeaderSample | undefined;
  /** For `unknown_encoding`: what the file would say in each encoding that it may be in. Personal data. */
  readonly encodings: readonly EncodingSample[];

  constructor(
    failure: UploadFailure,
    { sample, encodings = [] }: { sample?: HeaderSample | undefined; encodings?: readonly EncodingSample[] } = {},
  ) {
    super(failure.detail);
    this.failure = failure;
    this.sample = sample;
    this.encodings = encodings;
  }
}

export const EMPTY_FILE: UploadFailure = {
  code: 'empty_file',
  detail: 'The file is empty: it has no header and no rows.',
};

/** What is said of a file that is no CSV, and what to do about it. */
export function notCsv({ kind }: NotCsv): UploadFailure {
  return { code: 'not_csv', detail: `The file is not CSV text; it looks like ${KIND_NAMES[kind]}. ${adviceFor(kind)}` };
}

const KIND_NAMES: Record<NotCsv['kind'], string> = {
  xlsx: 'an Excel workbook (.xlsx)',
  xls: 'an old Excel workbook (.xls), or a new one with a password',
  ods: 'an OpenDocument spreadsheet (.ods)',
  zip: 'a ZIP archive',
  gzip: 'a gzip archive',
  '7z': 'a 7-Zip archive',
  bzip2: 'a bzip2 archive',
  xz: 'an xz archive',
  zstd: 'a Zstandard archive',
  tar: 'a tar archive',
  pdf: 'a PDF',
  png: 'a PNG image',
  jpeg: 'a JPEG image',
  gif: 'a GIF image',
  webp: 'a WebP image',
  parquet: 'a Parquet file',
  sqlite: 'an SQLite database',
  rtf: 'an RTF document',
  html: 'an HTML page',
  xml: 'XML',
  json: 'JSON',
  'utf-32': 'text in UTF-32',
  binary: 'binary data',
};

function adviceFor(kind: NotCsv['kind']): string {
  switch (kind) {
    case 'zip':
    case 'gzip':
    case '7z':
    case 'bzip2':
    case 'xz':
    case 'zstd':
    case 'tar':
      return 'Unpack it and send the CSV file that is in it.';
    case 'json':
      return 'Export it as CSV, with a line for each employee.';
    case 'utf-32':
    case 'binary':
      return 'Save it as CSV UTF-8, then send that file.';
    default:
      return 'In Excel: File → Save as → CSV UTF-8, then send that file.';
  }
}

/**
 * Lets a file pass whose first bytes may be CSV, without reading on: what is no CSV can be refused before it is stored.
 *
 * @returns all of the file's bytes. @throws UnreadableFileError `not_csv`; and what `chunks` throws.
 */
export async function refuseNotCsv(chunks: Chunks): Promise<AsyncGenerator<Uint8Array>> {
  const { head, all, close } = await peek(chunks, HEAD_BYTES);
  const format = detectFormat(head);
  if (format.ok) return all;
  await close();
  throw new UnreadableFileError(notCsv(format));
}
