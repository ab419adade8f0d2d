/**
 * `ask`, whose answer stays good for so many milliseconds from when it was asked: it is asked by one caller at a time, for
 * all of them.
 */
export function cachedFor<T>(freshMs: number, ask: () => Promise<T>): () => Promise<T> {
  let last: { answer: Promise<T>; at: number } | undefined;
  return () => {
    const now = performance.now();
    if (last !== undefined && now - last.at < freshMs) return last.answer;
    const asked = { answer: ask(), at: now };
    last = asked;
    // A failure goes to those who asked for it, and is not kept for the next.
    asked.answer.catch(() => {
      if (last === asked) last = undefined;
    });
    return asked.answer;
  };
}
