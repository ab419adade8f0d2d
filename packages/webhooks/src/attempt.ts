import { z } from 'zod';

const id = z.uuid();
const attempt = z.int().min(1);
const moment = z.iso.datetime();

const requestSchema = z.object({
  deliveryId: id,
  /** Which attempt of the delivery, from 1. */
  attempt,
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  /** Later than that the attempt must not begin: the delivery may be somebody else's by then. */
  notAfter: moment,
});

/** What a sender is given: everything that it needs for one attempt, and no secret. */
export type AttemptRequest = z.infer<typeof requestSchema>;

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

const ERRORS = Object.keys(ATTEMPT_ERRORS) as AttemptError[];

const answerSchema = z.object({
  deliveryId: id,
  attempt,
  /** When it began. */
  at: moment,
  durationMs: z.int().min(0),
  /** Null where there was no answer. */
  httpStatus: z.int().min(100).max(999).nullable(),
  /** Null: delivered. */
  error: z.enum(ERRORS).nullable(),
  /** For how long the receiver asks not to be called. */
  retryAfterSeconds: z.int().min(0).nullable(),
});

/** How an attempt ended. */
export type AttemptAnswer = z.infer<typeof answerSchema>;

/** @throws where the text is no request. */
export function decodeRequest(text: string): AttemptRequest {
  return requestSchema.parse(JSON.parse(text));
}

/** @throws where the text is no answer. */
export function decodeAnswer(text: string): AttemptAnswer {
  return answerSchema.parse(JSON.parse(text));
}
