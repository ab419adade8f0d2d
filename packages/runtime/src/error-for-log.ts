export type LoggedError = {
  type: string;
  message: string;
  code?: string;
  constraint?: string;
  stack?: string;
  cause?: LoggedError;
};

/**
 * What of an error may be in a log. What Postgres says can quote a row: in its message (class 22, a trigger's `raise`, a
 * check of somebody's own), in `detail` and in `where`. So of its errors only the SQLSTATE and the constraint are logged;
 * the table of SQLSTATEs says what they mean (https://www.postgresql.org/docs/current/errcodes-appendix.html). The AWS SDK
 * hangs whole requests and answers on its own.
 */
export function errorForLog(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an Error' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const constraint = 'constraint' in error && typeof error.constraint === 'string' ? error.constraint : undefined;
  const message = quotesRows(error) ? `Postgres answered SQLSTATE ${code}` : error.message;
  return {
    type: error.name,
    message,
    ...(code === undefined ? {} : { code }),
    ...(constraint === undefined ? {} : { constraint }),
    ...(error.stack === undefined ? {} : { stack: error.stack.replace(error.message, () => message) }),
    ...(error.cause === undefined ? {} : { cause: errorForLog(error.cause) }),
  };
}

/** Of SQLSTATEs whose messages name relations, users and files, but no values. */
const ABOUT_NO_VALUES = /^(08|25|28|3D|40|42|53|55|57|58)/;

/** Whether an error is an answer of Postgres whose message may be about values, or was written in somebody's own function. */
function quotesRows(error: Error): boolean {
  const code = 'code' in error ? String(error.code) : '';
  if (!/^(\d|F0|HV|P0|XX)[0-9A-Z]+$/.test(code)) return false;
  // The source file of Postgres that raised it: those of procedural languages are pl_exec.c, plpy_elog.c, plperl.c.
  const file = 'file' in error ? String(error.file) : '';
  return file.startsWith('pl') || !ABOUT_NO_VALUES.test(code);
}
