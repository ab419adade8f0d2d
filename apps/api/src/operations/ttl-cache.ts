/** `ask`, whose answer stays good for so many milliseconds: it is asked by one caller at a time, for all of them. */
export function cachedFor<T>(freshMs: number, ask: () => Promise<T>): () => Promise<T> {
  let last: { answer: Promise<T>; at: number } | undefined;
  return () => {
    const now = performance.now();
    if (last !== undefined && now - last.at < freshMs) return last.answer;
    const answer = ask();
    last = { answer, at: now };
    // A failure is told to those who asked for it, and is no answer for the next.
    answer.catch(() => {
      last = undefined;
    });
    return answer;
  };
}
