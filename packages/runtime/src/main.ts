/**
 * Runs the main function of a process: an error that a person can fix (`expected`) ends it with its one line and
 * code 1, anything else with its stack and code 1.
 */
export function runMain(main: () => Promise<void>, expected: readonly (new (...args: never[]) => Error)[]): void {
  outliveOutput();
  main().catch((error: unknown) => {
    const isExpected = error instanceof Error && expected.some((type) => error instanceof type);
    process.stderr.write(`rowferry: ${isExpected ? error.message : describe(error)}\n`);
    process.exit(1);
  });
}

/** A terminal that is closed, or a reader that is gone, takes no more output: a process that has to stop in order goes on. */
function outliveOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
