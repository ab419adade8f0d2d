import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';

/** @returns what starts an execution of this state machine for a backfill. Asking again for the same round starts no other. */
export function executionStarter(
  stateMachineArn: string,
  client = new SFNClient(),
): (backfillId: string, round: number) => Promise<void> {
  return async (backfillId, round) => {
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
