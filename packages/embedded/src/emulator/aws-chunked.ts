import { Transform, type TransformCallback } from 'node:stream';

/** Longest line (chunk size, signature, trailer) that is waited for. */
const LINE_LIMIT = 16 * 1024;

type State = 'size' | 'data' | 'data end' | 'trailers';

/**
 * Decodes the `aws-chunked` content encoding as a stream: `<hex size>[;chunk-signature=…]\r\n<data>\r\n … 0\r\n<trailers>\r\n`
 * (docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html). Signatures are not checked. `trailers` is complete at
 * the end of the stream. A stream that ends before its last chunk is an error, not a short object.
 */
export class AwsChunkedDecoder extends Transform {
  readonly trailers = new Map<string, string>();
  #state: State = 'size';
  #rest: Buffer = Buffer.alloc(0);
  #dataLeft = 0;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    try {
      this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
      while (this.#step());
      done();
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  }

  override _flush(done: TransformCallback): void {
    done(this.#state === 'trailers' ? null : new Error('the body ends in the middle of a chunk'));
  }

  /** Takes one piece off the rest; false when it needs more bytes for that. */
  #step(): boolean {
    return this.#state === 'data' ? this.#takeData() : this.#takeLine();
  }

  #takeData(): boolean {
    if (this.#rest.length === 0) return false;
    const data = this.#rest.subarray(0, this.#dataLeft);
    this.#rest = this.#rest.subarray(data.length);
    this.#dataLeft -= data.length;
    if (this.#dataLeft === 0) this.#state = 'data end';
    this.push(data);
    return true;
  }

  #takeLine(): boolean {
    const end = this.#rest.indexOf('\r\n');
    if (end < 0) {
      if (this.#rest.length > LINE_LIMIT) throw new Error('a line between chunks is too long');
      return false;
    }
    const line = this.#rest.toString('latin1', 0, end);
    this.#rest = this.#rest.subarray(end + 2);
    if (this.#state === 'size') this.#readSize(line);
    else if (this.#state === 'data end') this.#endData(line);
    else this.#readTrailer(line);
    return true;
  }

  #readSize(line: string): void {
    const size = /^([0-9a-f]+)(;.*)?$/i.exec(line)?.[1];
    if (size === undefined) throw new Error('a chunk has no size');
    this.#dataLeft = Number.parseInt(size, 16);
    this.#state = this.#dataLeft === 0 ? 'trailers' : 'data';
  }

  #endData(line: string): void {
    if (line !== '') throw new Error('a chunk is longer than its size says');
    this.#state = 'size';
  }

  #readTrailer(line: string): void {
    const colon = line.indexOf(':');
    if (colon > 0) this.trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
}
