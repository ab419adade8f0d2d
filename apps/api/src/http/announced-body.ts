import type { IncomingMessage } from 'node:http';

/** Whether a request says itself that its body has more bytes: then it need not come first to be refused. */
export function announcesMoreThan({ headers }: IncomingMessage, bytes: number): boolean {
  return Number(headers['content-length']) > bytes;
}

/** For a problem that does not wait for the request's body: nothing that comes after it would be understood. */
export const UNREAD = { headers: { Connection: 'close' } };
