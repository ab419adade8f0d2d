import { currentTrace, runInTrace } from '@rowferry/runtime';
import type { RequestHandler } from 'express';

/** What AWS's load balancer and other services write, and nothing that could break a header or a log line. */
const TRACE = /^(?=.{1,256}$)\w+=[\w:-]+(?:;\w+=[\w:-]+)*$/;

/**
 * Runs a request as a part of the trace that it comes with, so that what becomes of it in other services is a part of it too. The
 * load balancer gives every request one (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-request-tracing.html).
 */
export function requestTrace(): RequestHandler {
  return (request, _response, next) => {
    const trace = request.get('X-Amzn-Trace-Id');
    if (trace !== undefined && TRACE.test(trace)) runInTrace(trace, next);
    else next();
  };
}

/** The name by which X-Ray finds the trace of the request that is being answered. */
export function traceId(): string | undefined {
  return /Root=([\w-]+)/.exec(currentTrace() ?? '')?.[1];
}
