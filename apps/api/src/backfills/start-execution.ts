/** A client of the API waits for it. By default the SDK waits a quarter of an hour for a service whose network is gone. */
const TIMEOUT_MS = 5_000;
const ATTEMPTS = 2;

/**
 * @returns what starts an execution of this state machine for a backfill. Asking again for the same round starts no other. The
 *   client is loaded with the first one: most servers start none.
 */
export function executionStarter(stateMachineArn: string): (backfillId: string, round: number) => Promise<void> {
  const loading = cachedOnce(async () => {
    const sdk = await import('@aws-sdk/client-sfn');
    const requestHandler = { connectionTimeout: TIMEOUT_MS, requestTimeout: TIMEOUT_MS, throwOnRequestTimeout: true };
    return { ...sdk, client: new sdk.SFNClient({ maxAttempts: ATTEMPTS, requestHandler }) };
  });
  return async (backfillId, round) => {
    const { client, StartExecutionCommand, ExecutionAlreadyExists } = await loading();
    const command = new StartExecutionCommand({
      stateMachineArn,
      name: `${backfillId}-${round}`,
      input: JSON.stringify({ backfillId, round }),
    });
    await client.send(command).catch((error: unknown) => {
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
    });
  };
}

function cachedOnce<Result>(make: () => Promise<Result>): () => Promise<Result> {
  let made: Promise<Result> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
