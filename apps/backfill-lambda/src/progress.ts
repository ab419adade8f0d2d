/** What the state machine is told of a file. */
export type Progress = {
  /** Whether this execution is done with it: it has ended, or it takes long, and a later batch asks again. */
  isEnded: boolean;
  waitSeconds: number;
  /** How often was asked. */
  polls: number;
};

/** Waits before each question, in seconds. A file that takes longer than all of them, a minute, is left to a later batch. */
export const POLL_SECONDS = [1, 2, 4, 8, 15, 30];

export const ENDED: Progress = { isEnded: true, waitSeconds: 0, polls: 0 };

/** To be asked of again, after so many questions; not by this execution when there were enough. */
export function askAgain(polls: number): Progress {
  const waitSeconds = POLL_SECONDS[polls];
  return waitSeconds === undefined ? { ...ENDED, polls } : { isEnded: false, waitSeconds, polls };
}
