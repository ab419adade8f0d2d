/**
 * Runs the main function of a process: an error that a person can fix (`expected`) ends it with its one line and
 * code 1, anything else with its stack and code 1.
 */
export function runMain(main: () => Promise<void>, expected: readonly (new (...args: never[]) => Error)[]): void {
  main().catch((error: unknown) => {
    const isExpected = error instanceof Error && expected.some((type) => error instanceof type);
    process.stderr.write(`rowferry: ${isExpected ? error.message : describe(error)}\n`);
    process.exit(1);
  });
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
