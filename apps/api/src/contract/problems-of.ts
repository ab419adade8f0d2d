import type { ProblemCode } from '../problems/catalogue.ts';
import type { RouteContract } from './route.ts';

/** Every problem that a route can answer: its own, and those that follow from what it takes and whom it lets in. */
export function problemsOf(contract: RouteContract): ReadonlySet<ProblemCode> {
  const { parameters, body, scope, problems } = contract;
  const codes = new Set<ProblemCode>(['malformed_request', 'rate_limited', 'internal', ...problems]);
  if (parameters !== undefined || refusesUnknownParameters(contract)) codes.add('invalid_parameter');
  if (body?.contentType === 'application/json') {
    for (const code of ['invalid_body', 'malformed_json', 'not_json', 'body_too_large'] as const) codes.add(code);
  }
  if (scope !== null) {
    for (const code of ['unauthorized', 'insufficient_scope', 'not_local', 'unavailable', 'query_timeout'] as const)
      codes.add(code);
  }
  return codes;
}

/** Pages and probes take any query: load balancers and browsers add what they like. */
export function refusesUnknownParameters({ path }: RouteContract): boolean {
  return path.startsWith('/v1/');
}
