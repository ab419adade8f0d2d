import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';

const SECOND = 1000;
/** Longest that the issuer may take to answer. */
const ISSUER_TIMEOUT = 5 * SECOND;
/** By how much clocks may differ. */
const CLOCK_TOLERANCE_SECONDS = 30;
/** Signatures with a key pair only: with a shared secret, every server that can check a token could make one (RFC 8725, 3.1). */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/** A token that is not valid: wrong signature, issuer or audience, expired, or no token at all. */
export class InvalidTokenError extends Error {
  override readonly name = 'InvalidTokenError';
}

/** The issuer could not be asked for its keys. */
export class IssuerUnavailableError extends Error {
  override readonly name = 'IssuerUnavailableError';
}

/** `expiresAt` allows for clocks that differ; `name` is what a person calls the subject, if the token says it. */
export type VerifiedToken = { subject: string; name: string | null; scopes: string[]; expiresAt: Date };

export type TokenVerifierSettings = { issuer: string; audience: string };

const discoverySchema = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });

/** Checks JWTs of one OpenID Connect issuer, with the keys that it publishes. */
export class TokenVerifier {
  readonly #settings: TokenVerifierSettings;
  #keys: Promise<JWTVerifyGetKey> | undefined;

  constructor(settings: TokenVerifierSettings) {
    this.#settings = settings;
  }

  /** @throws InvalidTokenError, IssuerUnavailableError */
  async verify(token: string): Promise<VerifiedToken> {
    const { issuer, audience } = this.#settings;
    const keys = await this.#discover();
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        requiredClaims: ['exp', 'sub'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      });
      return {
        subject: subjectOf(payload),
        name: nameOf(payload),
        scopes: scopesOf(payload),
        expiresAt: endOf(payload),
      };
    } catch (error) {
      if (error instanceof InvalidTokenError) throw error;
      if (isFaultOfToken(error)) throw new InvalidTokenError(error.message, { cause: error });
      throw new IssuerUnavailableError('the keys of the issuer cannot be had', { cause: error });
    }
  }

  /** The issuer says where its keys are (OpenID Connect Discovery 1.0, section 4). Asked once; after a failure, again. */
  #discover(): Promise<JWTVerifyGetKey> {
    this.#keys ??= discoverKeys(this.#settings.issuer).catch((error: unknown) => {
      this.#keys = undefined;
      throw new IssuerUnavailableError('the issuer cannot be asked for its keys', { cause: error });
    });
    return this.#keys;
  }
}

async function discoverKeys(issuer: string): Promise<JWTVerifyGetKey> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    signal: AbortSignal.timeout(ISSUER_TIMEOUT),
  });
  if (!response.ok) throw new Error(`the issuer answers ${response.status}`);
  const { issuer: itsName, jwks_uri } = discoverySchema.parse(await response.json());
  if (itsName !== issuer) throw new Error('the issuer calls itself by another name than OIDC_ISSUER');
  return createRemoteJWKSet(new URL(jwks_uri), { timeoutDuration: ISSUER_TIMEOUT });
}

/** jose has one class for each fault of a token; what else it throws is about fetching the keys. */
function isFaultOfToken(error: unknown): error is Error {
  return [
    errors.JWTInvalid,
    errors.JWTExpired,
    errors.JWTClaimValidationFailed,
    errors.JWSInvalid,
    errors.JWSSignatureVerificationFailed,
    errors.JOSEAlgNotAllowed,
    errors.JOSENotSupported,
    errors.JWKSNoMatchingKey,
    errors.JWKSMultipleMatchingKeys,
  ].some((type) => error instanceof type);
}

/**
 * Whom rate limits and idempotency keys count as one caller. jose checks that there is a subject, not what it is.
 *
 * @throws InvalidTokenError when it names nobody.
 */
function subjectOf({ sub }: JWTPayload): string {
  if (typeof sub !== 'string' || sub.trim() === '') throw new InvalidTokenError('"sub" names nobody');
  return sub;
}

const NAME_MAX = 200;

/** Standard claims that name a person, the best first (OpenID Connect Core 1.0, section 5.1). */
function nameOf({ name, preferred_username, email }: JWTPayload): string | null {
  const found = [name, preferred_username, email].find((claim) => typeof claim === 'string' && claim.trim() !== '');
  return typeof found === 'string' ? found.trim().slice(0, NAME_MAX).toWellFormed() : null;
}

function endOf({ exp = 0 }: JWTPayload): Date {
  return new Date((exp + CLOCK_TOLERANCE_SECONDS) * SECOND);
}

/**
 * `scope` is one string with spaces between (RFC 8693, section 4.2). Entra has that string in `scp`, Okta a list of names
 * (https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference,
 * https://developer.okta.com/docs/api/openapi/okta-oauth/guides/overview/).
 */
function scopesOf({ scope, scp }: JWTPayload): string[] {
  const scopes = scope ?? scp;
  if (typeof scopes === 'string') return scopes.split(' ');
  return Array.isArray(scopes) ? scopes.filter((name) => typeof name === 'string') : [];
}
