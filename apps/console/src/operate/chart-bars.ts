import { type Operations, OUTCOMES, type Outcome } from '../api/types.ts';

export type Step = NonNullable<Operations['lastHour']>[number];

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A bar of a chart that is 1 wide and 1 high: where it stands, and its parts from the bottom up. */
export type Bar = { x: number; width: number; step: Step; parts: { outcome: Outcome; y: number; height: number }[] };

/** The last hour as bars: as wide as the time they stand for, as high as the rows a minute in it. */
export function barsOf(steps: readonly Step[]): { bars: Bar[]; maxPerMinute: number } {
  const end = Math.max(...steps.map(({ to }) => Date.parse(to)));
  const perMinute = (step: Step, rows: number) =>
    rows / Math.max(1 / 60, (Date.parse(step.to) - Date.parse(step.from)) / MINUTE);
  const maxPerMinute = Math.max(0, ...steps.map((step) => perMinute(step, rowsOf(step))));
  const bars = steps
    .filter((step) => rowsOf(step) > 0)
    .map((step): Bar => {
      const from = Math.max(0, 1 - (end - Date.parse(step.from)) / HOUR);
      let below = 0;
      const parts = OUTCOMES.filter((outcome) => step.rows[outcome] > 0).map((outcome) => {
        const height = perMinute(step, step.rows[outcome]) / maxPerMinute;
        below += height;
        return { outcome, y: 1 - below, height };
      });
      return { x: from, width: 1 - (end - Date.parse(step.to)) / HOUR - from, step, parts };
    });
  return { bars, maxPerMinute };
}

export function rowsOf({ rows }: Step): number {
  return OUTCOMES.reduce((sum, outcome) => sum + rows[outcome], 0);
}
