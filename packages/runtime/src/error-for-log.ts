export type LoggedError = {
  type: string;
  message: string;
  code?: string;
  stack?: string;
  cause?: LoggedError;
};

/**
 * What of an error may be in a log. pg's errors carry values of rows in `detail` and `where`, and those of class 22
 * (data exceptions) quote one in the message; the AWS SDK hangs whole requests and answers on its own.
 */
export function errorForLog(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an Error' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  // From the first quote to the last: a value may have quotes in it.
  const clean = (text: string) => (code?.startsWith('22') ? text.replace(/".*"/s, '"…"') : text);
  return {
    type: error.name,
    message: clean(error.message),
    ...(code === undefined ? {} : { code }),
    ...(error.stack === undefined ? {} : { stack: clean(error.stack) }),
    ...(error.cause === undefined ? {} : { cause: errorForLog(error.cause) }),
  };
}
