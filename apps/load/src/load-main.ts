import { runMain } from '@rowferry/runtime';
import { type LoadSettings, loadCommand } from './commands.ts';
import { progressLine, summary } from './report.ts';
import { sendUploads, type Tally } from './send-uploads.ts';

/** Back to the beginning of the line, and all of it away. */
const CLEAR_LINE = '\r\u001b[K';

/** `npm run load`: sends generated files to a running API and prints how it took them. Ends with 1 when any failed. */
async function load(settings: LoadSettings): Promise<void> {
  const tally: Tally = { accepted: [], imported: [], errors: new Map() };
  const start = performance.now();
  let sentMs = 0;
  await sendUploads(settings, tally, {
    onChange: () => show(progressLine(settings, tally)),
    onSent: () => {
      sentMs = performance.now() - start;
    },
  });
  show('');
  process.stdout.write(summary(settings, tally, { sentMs, importedMs: performance.now() - start }));
  if (tally.errors.size > 0) process.exitCode = 1;
}

/** The bar is for people: a file or a pipe gets the summary alone. */
function show(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(CLEAR_LINE + line);
}

runMain(async () => void (await loadCommand(load).parseAsync()), []);
