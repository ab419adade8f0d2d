import { encodeBody, MESSAGE_VERSION, type Message, type SourceObject } from '@rowferry/messages';
import type { Row } from '@rowferry/roster';
import { anUpload, someFacts } from '@rowferry/testing';
import fc from 'fast-check';

/** A record of a file; null: one that the rules refuse. */
type FileRecord = { employee_name: string; email: string; company_name: string } | null;

/** A file in as many segments as it was cut into; its records stand on lines 2, 3, … */
export type File = { upload: SourceObject; segments: readonly (readonly FileRecord[])[] };

export type PlacedRecord = { line: number; record: FileRecord };

/** Few e-mails, names and companies, so that rows meet and contents repeat. */
const record: fc.Arbitrary<FileRecord> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      employee_name: fc.constantFrom('Ann', 'Bob', 'Cy'),
      email: fc.constantFrom('a@x.org', 'b@x.org', 'c@x.org', 'd@x.org', 'e@x.org'),
      company_name: fc.constantFrom('One', 'Two'),
    }),
  },
  { weight: 1, arbitrary: fc.constant(null) },
);

const content = fc.array(fc.array(record, { maxLength: 6 }), { minLength: 1, maxLength: 3 });

/** Up to four files, in the order in which they were received, whatever their ids; some are an earlier one, uploaded again. */
export const files: fc.Arbitrary<File[]> = fc
  .tuple(contents(), fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }))
  .map(([known, ids]) => known.map((segments, index) => ({ upload: uploadOf(index, ids[index] ?? index), segments })));

function contents(): fc.Arbitrary<File['segments'][]> {
  return fc
    .array(fc.oneof({ weight: 3, arbitrary: content }, { weight: 1, arbitrary: fc.nat(3) }), {
      minLength: 1,
      maxLength: 4,
    })
    .map((contents) => {
      const known: File['segments'][] = [];
      for (const item of contents) known.push((typeof item === 'number' ? known[item] : item) ?? [[]]);
      return known;
    });
}

function uploadOf(minute: number, id: number): SourceObject {
  return anUpload({
    id: `019a0000-0000-7000-8000-${String(id).padStart(12, '0')}`,
    receivedAt: `2026-11-22T10:0${minute}:00.000Z`,
  });
}

/** The records of a file, each with its line. */
export function recordsOf({ segments }: File): PlacedRecord[] {
  return segments.flat().map((record, index) => ({ line: index + 2, record }));
}

/** Every message that the producer sends of a file, rows in messages of `rowsPerMessage`. */
export function messagesOf(file: File, rowsPerMessage: number): string[] {
  const { upload, segments } = file;
  let line = 2;
  const ofSegments = segments.flatMap((records, segment): Message[] => {
    const rows = records.map((record) => toRow(record, line++));
    return [
      ...chunksOf(rows, rowsPerMessage).map(
        (chunk): Message => ({ ...head('rows'), uploadId: upload.id, segment, rows: chunk }),
      ),
      { ...head('segment.finished'), uploadId: upload.id, segment, rows: rows.length },
    ];
  });
  return [started(file), ...ofSegments].map(encodeBody);
}

function started({ upload, segments }: File): Message {
  return {
    ...head('upload.started'),
    upload,
    ...someFacts({ segments: segments.length }),
  };
}

function head<Type extends Message['type']>(type: Type) {
  return { v: MESSAGE_VERSION, type } as const;
}

function toRow(record: FileRecord, line: number): Row {
  const values = record ?? { employee_name: 'Jane', email: 'no address', company_name: 'One' };
  return { line, mobile_no: '0123456789', ...values };
}

function chunksOf(rows: readonly Row[], size: number): [Row, ...Row[]][] {
  const chunks: [Row, ...Row[]][] = [];
  for (let start = 0; start < rows.length; start += size) {
    const [first, ...rest] = rows.slice(start, start + size);
    if (first !== undefined) chunks.push([first, ...rest]);
  }
  return chunks;
}
