/** What a sender is given: everything that it needs for one attempt, and no secret. */
export type AttemptRequest = {
  deliveryId: string;
  /** Which attempt of the delivery, from 1. */
  attempt: number;
  url: string;
  headers: Record<string, string>;
  body: string;
  /** ISO 8601. Later than that the attempt must not begin: the delivery may be somebody else's by then. */
  notAfter: string;
};

/**
 * Why an attempt failed, besides the status of its answer. Never text of the receiver's: that could be anything, and would be
 * kept and shown.
 */
export const ATTEMPT_ERRORS = {
  address_refused: 'the host has no address on the public internet, so nothing was sent',
  name_not_found: 'the name of the host could not be resolved',
  connection_failed: 'no connection, or it was lost',
  tls_failed: 'no TLS connection: the certificate is not valid for the host, or the server speaks no TLS',
  timeout: 'no complete answer in time',
  malformed_answer: 'the answer is not HTTP, or its headers are too large',
  redirect: 'the answer is a redirect, which is never followed',
  gone: 'the answer is 410: the receiver wants no more',
  bad_status: 'the answer has a status that is not 2xx',
} as const;

export type AttemptError = keyof typeof ATTEMPT_ERRORS;

/** How an attempt ended. */
export type AttemptAnswer = {
  deliveryId: string;
  attempt: number;
  /** ISO 8601: when it began. */
  at: string;
  durationMs: number;
  /** Null where there was no answer. */
  httpStatus: number | null;
  /** Null: delivered. */
  error: AttemptError | null;
  /** For how long the receiver asks not to be called, in seconds. */
  retryAfterSeconds: number | null;
};
