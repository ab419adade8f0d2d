import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { onTestFinished } from 'vitest';
import { z } from 'zod';

/** Answers one event after the other, as a container of Lambda does. */
const RUNTIME = `
  const functions = await import(process.argv[1]);
  process.on('message', async ({ name, event }) => {
    try {
      process.send({ answer: (await functions[name](event)) ?? null });
    } catch (error) {
      process.send({ error: error.message });
    }
  });
  process.send({ answer: Object.keys(functions) });
`;

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting */
const batchResponse = z.strictObject({ batchItemFailures: z.array(z.strictObject({ itemIdentifier: z.string() })) });
const reply = z.union([z.object({ answer: z.unknown() }), z.object({ error: z.string() })]);

export type Container = {
  /** Calls what the file exports under a name, after what was called before. @throws with the message of what it throws. */
  invoke(name: string, event: unknown): Promise<unknown>;
  /** What Lambda calls for a queue. */
  queueHandler(name: string): (event: SQSEvent) => Promise<SQSBatchResponse>;
  /** The lines that it has logged so far. */
  log(): string[];
  stop(): Promise<void>;
};

/** A bundle as Lambda runs it: in a process of its own, which has nothing but one directory and the environment. */
export async function startContainer(
  directory: string,
  env: NodeJS.ProcessEnv,
  file = 'index.mjs',
): Promise<Container> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', RUNTIME, join(directory, file)], {
    cwd: directory,
    env: { NODE_OPTIONS: '--enable-source-maps', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => void output.push(text));
  const exited = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  onTestFinished(stop);
  const next = async (): Promise<unknown> => {
    const ended = exited.then(() => [{ error: `the function ended: ${output.join('')}` }]);
    const [message] = await Promise.race([once(child, 'message'), ended]);
    const answered = reply.parse(message);
    if ('error' in answered) throw new Error(answered.error);
    return answered.answer;
  };
  let last = next();
  await last;
  const invoke = (name: string, event: unknown) => {
    last = last
      .catch(() => {})
      .then(() => {
        child.send({ name, event });
        return next();
      });
    return last;
  };
  return {
    invoke,
    queueHandler: (name) => async (event) => batchResponse.parse(await invoke(name, event)),
    log: () => output.join('').split('\n').slice(0, -1),
    stop,
  };
}
