/** A failure that the user can act on: its message is one line that says what is wrong and what to do about it. */
export class EmbeddedError extends Error {
  override readonly name = 'EmbeddedError';
}

/** The `code` of a Node or Postgres error (`ENOENT`, `EADDRINUSE`, `3D000`), or undefined when `error` carries none. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
