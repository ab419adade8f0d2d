/** A setting that is missing or wrong: its message is one line that names the variable. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}
