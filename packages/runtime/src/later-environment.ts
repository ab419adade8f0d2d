import { once } from 'node:events';
import { z } from 'zod';

const VARIABLE = 'ROWFERRY_ENVIRONMENT_FOLLOWS';
/** What a process is given in its environment that is to begin before all of its environment is known. */
export const ENVIRONMENT_FOLLOWS = { [VARIABLE]: '1' };

const changesSchema = z.object({ set: z.record(z.string(), z.string()), unset: z.array(z.string()) });

/** What of an environment has changed, for the process that was given it as it was before. */
export type EnvironmentChanges = z.infer<typeof changesSchema>;

export function environmentChanges(before: NodeJS.ProcessEnv, now: NodeJS.ProcessEnv): EnvironmentChanges {
  const set: Record<string, string> = {};
  for (const [name, value] of Object.entries(now)) if (value !== undefined && value !== before[name]) set[name] = value;
  return { set, unset: Object.keys(before).filter((name) => now[name] === undefined) };
}

/** In a process whose environment follows: waits until its parent has sent the changes, and makes them. */
export async function awaitEnvironment(): Promise<void> {
  if (process.env[VARIABLE] === undefined) return;
  delete process.env[VARIABLE];
  const [message] = await once(process, 'message');
  const { set, unset } = changesSchema.parse(message);
  for (const name of unset) delete process.env[name];
  Object.assign(process.env, set);
}
