import { isProfileName, reachesOwnObjects } from '@rowferry/messages';
import { type Environment, EnvironmentError } from '@rowferry/runtime';
import { Cron } from 'croner';

export const PICKUP_VARIABLES = ['PICKUP_PREFIX', 'PICKUP_SCHEDULE', 'PICKUP_PROFILE', 'BACKFILL_PREFIX'] as const;

/** A prefix whose new files are loaded by a schedule. */
export type Pickup = {
  prefix: string;
  profile: string | undefined;
  /** Five fields of cron, in UTC. */
  schedule: string;
};

/**
 * What is to be picked up, and when. Undefined where nothing is.
 *
 * @throws EnvironmentError when the schedule is none, or the prefix may not be loaded.
 */
export function pickupOf(environment: Partial<Environment<(typeof PICKUP_VARIABLES)[number]>>): Pickup | undefined {
  const { PICKUP_PREFIX: prefix, PICKUP_SCHEDULE: schedule, PICKUP_PROFILE: profile } = environment;
  const { BACKFILL_PREFIX: allowedPrefix = '' } = environment;
  if (prefix === undefined && schedule === undefined && profile === undefined) return undefined;
  if (prefix === undefined || schedule === undefined)
    throw new EnvironmentError(
      `${prefix === undefined ? 'PICKUP_PREFIX' : 'PICKUP_SCHEDULE'} is not set: a scheduled pickup needs PICKUP_PREFIX and PICKUP_SCHEDULE`,
    );
  if (reachesOwnObjects(prefix))
    throw new EnvironmentError(
      'PICKUP_PREFIX must not be where Rowferry keeps its own objects; name a folder such as incoming/',
    );
  if (!prefix.startsWith(allowedPrefix))
    throw new EnvironmentError(`PICKUP_PREFIX must begin with what BACKFILL_PREFIX says, ${allowedPrefix}`);
  if (profile !== undefined && !isProfileName(profile))
    throw new EnvironmentError('PICKUP_PROFILE must be 1 to 64 lower-case letters, digits and hyphens');
  refuseInvalid(schedule);
  return { prefix, profile, schedule };
}

function refuseInvalid(schedule: string): void {
  try {
    if (cronOf(schedule).nextRun() !== null) return;
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error);
    throw new EnvironmentError(
      `PICKUP_SCHEDULE must be five fields of cron, such as "30 2 * * *" for half past two each night in UTC (${reason})`,
    );
  }
  throw new EnvironmentError('PICKUP_SCHEDULE names a moment that never comes');
}

function cronOf(schedule: string): Cron {
  return new Cron(schedule, { mode: '5-part', timezone: 'UTC', paused: true });
}

/**
 * Calls `onDue` at each moment of the schedule. One that comes while the call before has not ended is left out.
 *
 * @returns what stops it.
 */
export function startSchedule({ schedule }: Pickup, onDue: () => Promise<void>): () => void {
  const cron = new Cron(schedule, { mode: '5-part', timezone: 'UTC', protect: true }, onDue);
  return () => cron.stop();
}
