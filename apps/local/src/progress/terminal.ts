import type { LineWriter } from '@rowferry/runtime';
import { createLogUpdate } from 'log-update';

/** A terminal whose last line shows progress. What is written comes above that line. */
export class Terminal implements LineWriter {
  readonly #stream: NodeJS.WriteStream;
  readonly #render: ReturnType<typeof createLogUpdate>;
  #line: string | undefined;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    // A process that is killed cannot show a cursor again that it had hidden.
    this.#render = createLogUpdate(stream, { showCursor: true });
  }

  /** @param text whole lines. */
  write(text: string): void {
    if (this.#line !== undefined) this.#render.clear();
    this.#stream.write(text);
    if (this.#line !== undefined) this.#render(this.#line);
  }

  /** @param line without a line end; undefined shows none. */
  showProgress(line: string | undefined): void {
    if (line !== undefined) this.#render(line);
    else if (this.#line !== undefined) this.#render.clear();
    this.#line = line;
  }
}
