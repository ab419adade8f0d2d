import { AsyncLocalStorage } from 'node:async_hooks';

const current = new AsyncLocalStorage<string>();

/** Runs work as a part of a trace: whatever it asks of AWS names the trace. */
export function runInTrace<Result>(header: string, work: () => Result): Result {
  return current.run(header, work);
}

/**
 * The trace of the work that asks, as AWS X-Ray writes it in the header `X-Amzn-Trace-Id`; undefined where there is none
 * (https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader).
 */
export function currentTrace(): string | undefined {
  return current.getStore();
}
