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

  it('leaves blank lines between two segments out, and those at both ends of the file', async () => {
    const { segments } = await splitObject([Buffer.from('\n\na\n\n\nb\n\n')], FORMAT, { segmentBytes: 1 });
    expect(segments.map(({ start, end, firstLine }) => [start, end, firstLine])).toEqual([
      [2, 4, 3],
      [6, 8, 6],
    ]);
    const many = Buffer.from(`a\n${'\n'.repeat(SEGMENT_BYTES)}b\n`);
    const { segments: cut } = await splitObject([many], FORMAT);
    expect(cut.map(({ start, end }) => [start, end])).toEqual([
      [0, 2],
      [many.length - 2, many.length],
    ]);
  });

  it('takes the beginning of a line that is longer than any record into a segment, and goes on after the line', async () => {
    const before = 'a,b\n';
    const bytes = Buffer.concat([Buffer.from(before), Buffer.alloc(10_000_000, 'x'), Buffer.from('\r\n1,2\n3,4\n')]);
    function* chunks() {
      for (let at = 0; at < bytes.length; at += 100_000) yield bytes.subarray(at, at + 100_000);
    }
    const { segments, ...totals } = await splitObject(chunks(), FORMAT);
    expect(totals).toEqual({ encoding: 'utf-8', records: 4, broken: 1, lines: 4, bytes: bytes.length });
    expect(segments).toEqual([
      { index: 0, start: 0, end: before.length + 1024 * 1024, firstLine: 1, records: 2 },
      { index: 1, start: before.length + 10_000_002, end: bytes.length, firstLine: 3, records: 2 },
    ]);
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
    const bytes = Buffer.from('\xef\xbb\xbfa\nCaf\xe9 No\xebl\n', 'latin1');
    for (const [bom, encoding] of [
      [true, 'utf-8'],
      [false, 'windows-1252'],
    ] as const)
      expect(await splitObject([bytes], { ...FORMAT, bom, dataOffset: 3 })).toMatchObject({ encoding, records: 2 });
  });

  it('takes one bad byte among good characters for a fault, and stays with UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from('Zoë\n'), Buffer.from('Ren\xe9\n', 'latin1')]);
    for (const blockBytes of [2, 1024])
      expect(await splitObject([bytes], FORMAT, { blockBytes })).toMatchObject({ encoding: 'utf-8', records: 2 });
    expect(await splitObject([bytes, Buffer.from('No\xebl\n', 'latin1')], FORMAT)).toMatchObject({
      encoding: 'windows-1252',
    });
  });
});
