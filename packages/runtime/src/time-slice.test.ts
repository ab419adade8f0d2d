import { expect, test } from 'vitest';
import { TimeSlice } from './time-slice.ts';

test('work that pauses after each slice lets timers run in between', async () => {
  let timers = 0;
  const timer = setInterval(() => timers++, 1);
  const slice = new TimeSlice();
  for (let slices = 0; slices < 3; ) {
    if (!slice.isOver) continue;
    await slice.next();
    slices++;
  }
  clearInterval(timer);
  expect(timers).toBeGreaterThan(0);
});
