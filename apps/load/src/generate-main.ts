import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { runMain } from '@rowferry/runtime';
import { generateCommand } from './commands.ts';
import { employeeLines, type FileSettings } from './employee-file.ts';

/** `npm run generate`: a CSV file of employees on standard output, however large. */
async function generate(settings: FileSettings): Promise<void> {
  try {
    await pipeline(Readable.from(inPieces(employeeLines(settings))), process.stdout);
  } catch (error) {
    // Whoever reads has enough, as `head` has.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error;
  }
}

const PIECE_LENGTH = 64 * 1024;

function* inPieces(lines: Iterable<string>): Generator<string> {
  let piece = '';
  for (const line of lines) {
    piece += line;
    if (piece.length < PIECE_LENGTH) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

runMain(async () => void (await generateCommand(generate).parseAsync()), []);
