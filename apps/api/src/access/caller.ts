import type { Sender } from '@rowferry/database';
import { SCOPES, type Scope } from '@rowferry/database';
import type { Request } from 'express';

/** Who sent a request, according to its credentials. */
export type Caller =
  | { kind: 'anonymous' }
  /** `id` names a key or the subject of a token: for distinguishing callers, not for logs, where it can be personal data. */
  | { kind: 'known'; id: string; sender: Sender; scopes: ReadonlySet<Scope>; expiresAt?: Date }
  /** Its credentials are not valid, or could not be checked. */
  | { kind: 'refused'; reason: unknown };

/** Whether a caller that may call a route may also read uploads: a caller that is let in without credentials may do everything. */
export function mayRead({ caller }: Request): boolean {
  return caller?.kind !== 'known' || caller.scopes.has('read');
}

/** Whose name stands beside what a request sends; null of a caller that is let in without credentials. */
export function senderOf({ caller }: Request): Sender | null {
  return caller?.kind === 'known' ? caller.sender : null;
}

/** Of the names of scopes, those that this version knows. */
export function knownScopes(names: readonly string[]): ReadonlySet<Scope> {
  return new Set(SCOPES.filter((scope) => names.includes(scope)));
}

declare global {
  namespace Express {
    interface Request {
      /** Set by `Access.identify`. */
      caller?: Caller;
      /** Throws when the request would not be let in any more. Set by `Access.authorize`, for answers that go on for long. */
      reauthorize?: () => Promise<void>;
    }
  }
}
