import { describe, expect, it } from 'vitest';
import { detectFormat, HEAD_BYTES, SEGMENT_BYTES, splitObject } from './index.ts';

const FORMAT = { encoding: 'utf-8', bom: false, delimiter: ',', dataOffset: 0, firstLine: 1 } as const;

describe('splitObject', () => {
  it('keeps a small file in one segment', async () => {
    const { segments } = await splitObject([Buffer.from('a,b\n1,2\n')], FORMAT);
    expect(segments).toEqual([{ index: 0, start: 0, end: 8, firstLine: 1, records: 2 }]);
  });

  it('cuts a big one every 8 MiB, at the first record from there on', async () => {
    const row = 'Ann Lee,"Stone, Brook\nand Co",+49171234567,ann@example.com\n';
    const bytes = Buffer.alloc(row.length * 400_000, row);
    const { segments, lines, records } = await splitObject([bytes], FORMAT);
    expect(segments).toHaveLength(Math.ceil(bytes.byteLength / SEGMENT_BYTES));
    for (const { start, firstLine } of segments) {
      expect(start % row.length).toBe(0);
      expect(firstLine).toBe((start / row.length) * 2 + 1);
    }
    expect(segments[1]?.start).toBe(Math.ceil(SEGMENT_BYTES / row.length) * row.length);
    expect({ lines, records }).toEqual({ lines: 800_000, records: 400_000 });
  });

  it('takes a CRLF that two chunks share for one line end', async () => {
    const bytes = Buffer.from('a\r\nb\r\nc\r\n');
    const chunks = [...bytes].map((byte) => Uint8Array.of(byte));
    const { segments, lines } = await splitObject(chunks, FORMAT, { segmentBytes: 1, blockBytes: 2 });
    expect(segments.map(({ start, firstLine }) => [start, firstLine])).toEqual([
      [0, 1],
      [3, 2],
      [6, 3],
    ]);
    expect(lines).toBe(3);
  });

  it('attaches blank lines at the beginning to the first segment, and later ones to the segment before them', async () => {
    const { segments } = await splitObject([Buffer.from('\n\na\n\n\nb\n\n')], FORMAT, { segmentBytes: 1 });
    expect(segments.map(({ start, end, firstLine }) => [start, end, firstLine])).toEqual([
      [0, 6, 1],
      [6, 9, 6],
    ]);
  });

  it('passes over a line longer than its memory', async () => {
    function* chunks() {
      yield Buffer.from('a,b\n');
      for (let i = 0; i < 100; i++) yield Buffer.alloc(100_000, 'x');
      yield Buffer.from('\r\n1,2\n');
    }
    const { segments, ...totals } = await splitObject(chunks(), FORMAT, { segmentBytes: 8 });
    expect(totals).toEqual({ encoding: 'utf-8', records: 3, broken: 1, lines: 3, bytes: 10_000_010 });
    expect(segments.at(-1)).toMatchObject({ start: 10_000_006, firstLine: 3 });
  });

  it('leaves out byte order mark and sep= line, wherever the chunks end', async () => {
    const bytes = Buffer.from('\ufeffsep=;\na;b\n1;2\n');
    const format = detectFormat(bytes.subarray(0, HEAD_BYTES));
    if (!format.ok) throw new Error('not CSV');
    const { segments } = await splitObject(
      [...bytes].map((byte) => Uint8Array.of(byte)),
      format,
    );
    expect(segments).toEqual([{ index: 0, start: 9, end: 17, firstLine: 2, records: 2 }]);
  });

  it('keeps to the byte order mark, whatever bytes are in the file', async () => {
    const bytes = Buffer.from('\xef\xbb\xbfa\nCaf\xe9\n', 'latin1');
    for (const [bom, encoding] of [
      [true, 'utf-8'],
      [false, 'windows-1252'],
    ] as const)
      expect(await splitObject([bytes], { ...FORMAT, bom, dataOffset: 3 })).toMatchObject({ encoding, records: 2 });
  });
});
