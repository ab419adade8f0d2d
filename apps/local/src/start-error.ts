/** Something that `rowferry start` needs cannot be had: its message is one line that says what to do. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
