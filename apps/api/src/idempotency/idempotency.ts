import { randomUUID } from 'node:crypto';
import {
  type Attempt,
  answerKey,
  type Claim,
  claimKey,
  type Database,
  noteAttempt,
  releaseKey,
  renewClaim,
} from '@rowferry/database';
import type { Request } from 'express';
import { z } from 'zod';
import type { AnyReply } from '../contract/serve.ts';
import { ApiProblem } from '../problems/api-problem.ts';

const SECOND = 1000;
/** For how long an attempt is taken to live without saying so again: a process that dies blocks a key no longer. */
const LEASE_SECONDS = 60;
const RENEWAL_INTERVAL = 20 * SECOND;
/** When to ask again while an attempt is under way. */
const RETRY_AFTER_SECONDS = 2;
const KEY_MAX = 255;

/** On an answer that is sent again. */
const REPLAYED_HEADER = 'Idempotency-Replayed';

/** The header of a route that takes it (draft-ietf-httpapi-idempotency-key-header-07). */
export const idempotencyHeader = {
  'idempotency-key': z
    .string()
    .max(KEY_MAX, `must have ${KEY_MAX} characters at most`)
    .regex(/^[\x21-\x7e]+$/, 'must be of visible ASCII characters')
    .optional()
    .describe(
      'Any unique text, such as a UUID. The same request sent again with it within 24 hours is answered as the first was.',
    ),
};

/** The problems of a route that takes the header. */
export const IDEMPOTENCY_PROBLEMS = ['idempotency_key_in_use', 'idempotency_key_reused'] as const;

/** One attempt of a request with a key; of one without, nothing is kept. */
export type WorkAttempt = {
  /** How far an attempt that died had come. */
  interrupted: Attempt;
  /** Saves what is about to be made, for the next attempt if this one dies. To be called before the work is done. */
  note(attempt: Attempt): Promise<void>;
};

export type Work<Reply extends AnyReply> = {
  /** Names the content of the request, and does nothing else. */
  fingerprint(): Promise<string> | string;
  perform(attempt: WorkAttempt): Promise<Reply>;
};

const NOTHING: Attempt = { fingerprint: null, uploadId: null };
const WITHOUT_KEY: WorkAttempt = { interrupted: NOTHING, note: async () => {} };

/** Does the work of a request once for each key, however often the request is sent. */
export class Idempotency {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @throws ApiProblem `idempotency_key_in_use`, `idempotency_key_reused`; and what the work throws: then the key is free again. */
  async run<Reply extends AnyReply>(
    request: Request,
    operation: string,
    key: string | undefined,
    work: Work<Reply>,
  ): Promise<Reply> {
    if (key === undefined) return work.perform(WITHOUT_KEY);
    const claim = { caller: callerOf(request), operation, key, id: randomUUID() };
    const claimed = await claimKey(this.#database, claim, LEASE_SECONDS);
    switch (claimed.state) {
      case 'in_use':
        throw inUse();
      case 'answered': {
        if ((await work.fingerprint()) !== claimed.fingerprint) throw reused();
        const { headers, ...answer } = claimed.answer;
        // It was this operation that answered so.
        return { ...answer, headers: { ...headers, [REPLAYED_HEADER]: 'true' } } as AnyReply as Reply;
      }
      case 'claimed':
        return this.#perform(request, claim, claimed.interrupted, work);
    }
  }

  async #perform<Reply extends AnyReply>(
    request: Request,
    claim: Claim,
    interrupted: Attempt,
    work: Work<Reply>,
  ): Promise<Reply> {
    const warn = (error: unknown) => request.log.warn({ err: error }, 'idempotency key could not be written');
    const renewal = setInterval(
      () => void renewClaim(this.#database, claim, LEASE_SECONDS).catch(warn),
      RENEWAL_INTERVAL,
    );
    try {
      const reply = await work.perform({ interrupted, note: (attempt) => noteAttempt(this.#database, claim, attempt) });
      const { status, headers = {}, body = null } = reply;
      // The work is done: if this fails, the next attempt finds the work by what was saved.
      await answerKey(this.#database, claim, { status, headers, body }).catch(warn);
      return reply;
    } catch (error) {
      await releaseKey(this.#database, claim).catch(warn);
      throw error;
    } finally {
      clearInterval(renewal);
    }
  }
}

/** Callers do not see each other's keys. */
function callerOf({ caller }: Request): string {
  return caller?.kind === 'known' ? caller.id : 'anybody';
}

function inUse(): ApiProblem {
  const headers = { 'Retry-After': String(RETRY_AFTER_SECONDS) };
  return new ApiProblem('idempotency_key_in_use', 'The first request with this Idempotency-Key is not answered yet.', {
    headers,
  });
}

function reused(): ApiProblem {
  return new ApiProblem('idempotency_key_reused', 'This Idempotency-Key came with other content before.');
}
