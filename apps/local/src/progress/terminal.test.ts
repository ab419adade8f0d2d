import { WriteStream } from 'node:tty';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { Terminal } from './terminal.ts';

/** A terminal that knows what log-update uses of one: erase the line, one line up, to the first column. */
function setupTerminal() {
  const lines = [''];
  let row = 0;
  const screen = () => lines.join('\n');
  const apply = (text: string) => {
    for (const [piece] of text.replaceAll('\x1b[', '␛').matchAll(/␛\d*[A-Z]|\n|[^␛\n]+/g)) {
      if (piece === '\n') lines[++row] ??= '';
      else if (piece === '␛2K') lines[row] = '';
      else if (piece === '␛K') continue;
      else if (/^␛\d*A$/.test(piece)) row--;
      else if (piece === '␛G') continue;
      else if (piece.startsWith('␛')) throw new Error(`not known: ${JSON.stringify(piece)}`);
      else lines[row] += piece;
    }
    return true;
  };
  const stream: NodeJS.WriteStream = Object.assign(Object.create(WriteStream.prototype), {
    columns: 80,
    rows: 5,
    write: apply,
  });
  return { terminal: new Terminal(stream), screen };
}

test('what is written comes above the progress, which stays the last line', () => {
  const { terminal, screen } = setupTerminal();

  terminal.write('worker started\n');
  terminal.showProgress('10 %');
  terminal.showProgress('20 %');
  terminal.write('a line\n');
  terminal.write('two\nlines\n');
  terminal.showProgress('30 %');

  expect(screen()).toBe('worker started\na line\ntwo\nlines\n30 %\n');

  terminal.showProgress(undefined);
  terminal.write('upload completed\n');
  expect(stripVTControlCharacters(screen())).toBe('worker started\na line\ntwo\nlines\nupload completed\n');
});

test('a text that is longer than the screen is written whole', () => {
  const { terminal, screen } = setupTerminal();
  const trace = Array.from({ length: 20 }, (_, line) => `at line ${line}\n`).join('');

  terminal.showProgress('10 %');
  terminal.write(trace);

  expect(screen()).toBe(`${trace}10 %\n`);
});
