/**
 * Why a sign-in failed:
 * - `unreachable`: the issuer does not answer the page; `about` is its origin
 * - `elsewhere`: it takes codes on another host than its own, which the page may not ask; `about` is that host
 * - `denied`: the person, or the issuer for them, said no
 * - `refused`: the issuer says why, in `about`
 * - `invalid`: what it answered is not what was asked for; `about` says how
 * - `unexpected`: nobody waits for this answer
 */
export type SignInFault = 'unreachable' | 'elsewhere' | 'denied' | 'refused' | 'invalid' | 'unexpected';

export class SignInError extends Error {
  override readonly name = 'SignInError';
  readonly fault: SignInFault;
  readonly about: string;

  constructor(fault: SignInFault, about = '', options?: ErrorOptions) {
    super(`${fault} ${about}`.trim(), options);
    this.fault = fault;
    this.about = about;
  }
}
