/** An error that the API answered; its message is the code of the problem. */
export class AnsweredError extends Error {
  override readonly name = 'AnsweredError';
}
