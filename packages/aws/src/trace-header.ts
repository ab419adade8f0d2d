import { currentTrace } from '@rowferry/runtime';
import { HttpRequest } from '@smithy/core/protocols';

/**
 * A middleware that names the trace of the request that is being served, which S3 and SQS pass on to the function that they call
 * (https://docs.aws.amazon.com/xray/latest/devguide/xray-services-sqs.html,
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-services-s3.html). In a function the SDK does so by itself.
 */
export function passTraceOn<Args extends { request: unknown }, Output>(next: (args: Args) => Promise<Output>) {
  return (args: Args): Promise<Output> => {
    const trace = currentTrace();
    if (trace !== undefined && HttpRequest.isInstance(args.request)) args.request.headers['X-Amzn-Trace-Id'] = trace;
    return next(args);
  };
}
