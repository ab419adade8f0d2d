import validateMachine from 'asl-validator';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { BACKFILL_MACHINE } from './index.ts';
import { POLL_SECONDS } from './progress.ts';
import { FILES_PER_EXECUTION } from './take-files.ts';
import { taskSchema } from './task.ts';

const catcher = z.object({ ErrorEquals: z.array(z.string()), Next: z.string() });
const retrier = z.object({ ErrorEquals: z.array(z.string()), MaxAttempts: z.number() });

type State = { [field: string]: unknown; Type: string };

const statesSchema = z.record(z.string(), z.looseObject({ Type: z.string() }));
const machineSchema = z.looseObject({ States: statesSchema });

/** Every state, those within a Map or Parallel too, by its name. */
function statesOf(machine: unknown): [string, State][] {
  return Object.entries(machineSchema.parse(machine).States).flatMap(([name, state]): [string, State][] => [
    [name, state],
    ...[state.ItemProcessor, ...z.array(z.unknown()).parse(state.Branches ?? [])]
      .filter((inner) => inner !== undefined)
      .flatMap(statesOf),
  ]);
}

const STATES = statesOf(BACKFILL_MACHINE);

function namesOf(type: string): string[] {
  return STATES.filter(([, { Type }]) => Type === type).map(([name]) => name);
}

test('the state machine is valid in the Amazon States Language', () => {
  // The validator changes what it is given.
  const { isValid, errorsText } = validateMachine(structuredClone(BACKFILL_MACHINE));
  expect(errorsText()).toBe('');
  expect(isValid).toBe(true);
});

test('every task is retried after any error, and when that does not help, the error is caught', () => {
  const tasks = STATES.filter(([, { Type }]) => Type === 'Task' || Type === 'Map' || Type === 'Parallel');
  expect(tasks.map(([name]) => name).toSorted()).toEqual(
    [
      'CheckFile',
      'Continue',
      'FailFile',
      'FailBackfill',
      'List',
      'LoadFiles',
      'Open',
      'Publish',
      'StartFile',
      'Summarise',
      'Take',
    ].toSorted(),
  );
  for (const [name, state] of tasks) {
    const retries = z.array(retrier).parse(state.Retry).at(-1);
    const catches = z.array(catcher).parse(state.Catch).at(-1);
    expect({ name, errors: retries?.ErrorEquals, caught: catches?.ErrorEquals }).toEqual({
      name,
      errors: ['States.ALL'],
      caught: ['States.ALL'],
    });
    expect(retries?.MaxAttempts).toBeGreaterThan(1);
    expect(typeof (state.TimeoutSeconds ?? (name === 'LoadFiles' && 0))).toBe('number');
  }
});

test('it has nothing that the interpreter passes over in silence', () => {
  const text = JSON.stringify(BACKFILL_MACHINE);
  expect(text).not.toMatch(/JSONata|QueryLanguage|"(Assign|Output|Arguments|ItemReader|ItemBatcher|ResultWriter)"/);
  expect(text).not.toMatch(/DISTRIBUTED|waitForTaskToken|HeartbeatSeconds/);
});

test('its tasks ask for every operation that there is, and no other', () => {
  const payload = z.object({ Payload: z.object({ operation: z.string() }) });
  const asked = STATES.flatMap(([, { Parameters }]) => {
    const parsed = payload.safeParse(Parameters);
    return parsed.success ? [parsed.data.Payload.operation] : [];
  });
  expect(asked.toSorted()).toEqual(taskSchema.options.map(({ shape }) => shape.operation.value).toSorted());
});

test('an execution with as many files as it may have stays below what Step Functions allows, with room for retries', () => {
  // https://docs.aws.amazon.com/step-functions/latest/dg/concepts-standard-history-api.html
  const events = { Task: 5, Choice: 2, Wait: 2, Succeed: 2, Map: 4, iteration: 2 };
  const poll = events.Wait + events.Task + events.Choice;
  const file = events.iteration + events.Task + events.Choice + POLL_SECONDS.length * poll + events.Succeed;
  expect(namesOf('Wait')).toEqual(['WaitForFile']);
  expect(file).toBe(65);
  // A batch has one file at least.
  const batch = events.Task + events.Choice + events.Map;
  expect(FILES_PER_EXECUTION * (file + batch)).toBeLessThan(25_000 / 3);
});
