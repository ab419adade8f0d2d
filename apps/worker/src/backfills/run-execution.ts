import { BACKFILL_MACHINE } from '@rowferry/backfill-lambda';
import type { RunOptions } from 'aws-local-stepfunctions';
import { z } from 'zod';

export type TaskHandler = (event: unknown) => Promise<object>;

type ExecutionSettings = {
  handler: TaskHandler;
  input: { backfillId: string };
  /** Aborts it between two tasks. */
  signal: AbortSignal;
  /** Pauses of `Wait` states and before retries, in place of those of the state machine; in milliseconds. */
  pauses?: { wait?: number; retry?: number } | undefined;
};

const LAMBDA_INVOKE = 'arn:aws:states:::lambda:invoke';

const statesSchema = z.record(
  z.string(),
  z.looseObject({
    Type: z.string(),
    Resource: z.string().optional(),
    ItemProcessor: z.object({ States: z.record(z.string(), z.unknown()) }).optional(),
  }),
);
const machineSchema = z.object({ States: statesSchema });

/**
 * Runs the state machine once, from its beginning to its end, with tasks that are done in this process. What is needed for it
 * is loaded when the first one runs: most workers run none.
 *
 * @returns when no task of it runs any more.
 * @throws ExecutionError when it fails.
 */
export async function runExecution({ handler, input, signal, pauses = {} }: ExecutionSettings): Promise<void> {
  const { StateMachine } = await import('aws-local-stepfunctions');
  const running = new Set<Promise<object>>();
  const call = (event: unknown): Promise<object> => {
    const task = handler(event);
    running.add(task);
    const forget = () => running.delete(task);
    task.then(forget, forget);
    return task;
  };
  // A test validates it. The interpreter changes what it is given.
  const machine = new StateMachine(structuredClone(definition), { validationOptions: { noValidate: true } });
  const execution = machine.run(input, {
    noThrowOnAbort: true,
    overrides: overridesFor(call, pauses),
    context: { StateMachine: { Id: 'local' } },
  });
  const abort = () => execution.abort();
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    await Promise.all([execution.result, discard(execution.eventLogs)]);
  } finally {
    signal.removeEventListener('abort', abort);
    await Promise.allSettled(running);
  }
}

const definition = BACKFILL_MACHINE as ConstructorParameters<typeof import('aws-local-stepfunctions').StateMachine>[0];

function overridesFor(
  call: TaskHandler,
  { wait, retry }: { wait?: number; retry?: number },
): NonNullable<RunOptions['overrides']> {
  const states = allStates(machineSchema.parse(BACKFILL_MACHINE).States);
  const namesOf = (type: string) => states.filter(([, state]) => state.Type === type).map(([name]) => name);
  const tasks = states.filter(([, { Type }]) => Type === 'Task');
  return {
    taskResourceLocalHandlers: Object.fromEntries(
      tasks.map(([name, { Resource }]) => [name, Resource === LAMBDA_INVOKE ? invoking(call) : continueHere]),
    ),
    ...(wait !== undefined && { waitTimeOverrides: Object.fromEntries(namesOf('Wait').map((name) => [name, wait])) }),
    ...(retry !== undefined && { retryIntervalOverrides: Object.fromEntries(tasks.map(([name]) => [name, retry])) }),
  };
}

type States = z.output<typeof statesSchema>;

/** Those within a Map too. */
function allStates(states: States): [string, States[string]][] {
  return Object.entries(states).flatMap(([name, state]) => [
    [name, state],
    ...allStates(statesSchema.parse(state.ItemProcessor?.States ?? {})),
  ]);
}

const invocationSchema = z.object({ Payload: z.unknown() });

/** As Step Functions calls a function: what it answers is `Payload`. */
function invoking(call: TaskHandler) {
  return async (input: unknown) => ({
    Payload: JSON.parse(JSON.stringify(await call(invocationSchema.parse(input).Payload))),
  });
}

/** The next execution: what ran this one sees that the backfill has not ended. */
async function continueHere() {
  return {};
}

/** The interpreter keeps its events until somebody takes them. */
async function discard(events: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of events);
}
