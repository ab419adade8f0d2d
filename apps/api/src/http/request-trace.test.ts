import type { S3Client } from '@aws-sdk/client-s3';
import { HttpRequest } from '@smithy/core/protocols';
import { expect, test } from 'vitest';
import { fileForm, serveApi } from '../../test/serve-api.ts';

const TRACE = 'Root=1-67891233-abcdef012345678912345678';
const MIB = 1024 * 1024;
const ROW = 'Jane,Acme,0123456789,jane@x.org\n';

/** What is asked of S3, and with which trace. */
function watchTraces(s3: S3Client): string[] {
  const asked: string[] = [];
  s3.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        if (HttpRequest.isInstance(args.request))
          asked.push(`${commandName} ${args.request.headers['X-Amzn-Trace-Id']}`);
        return next(args);
      },
    { step: 'finalizeRequest' },
  );
  return asked;
}

test.for([
  ['small', 1],
  ['large', (10 * MIB) / ROW.length],
] as const)('a %s file goes to S3 with the trace that the request came with', async ([, rows]) => {
  const api = await serveApi();
  const asked = watchTraces(api.s3);
  const send = async (header: string) => {
    const body = fileForm(`name,company,phone,email\n${ROW.repeat(rows)}`);
    const headers = { 'X-Amzn-Trace-Id': header };
    const { status } = await fetch(`${api.url}/v1/employee-data-upload`, { method: 'POST', body, headers });
    expect(status).toBe(202);
    return new Set(asked.splice(0).map((line) => line.replace(/^\w+ /, '')));
  };

  expect(await send(TRACE)).toEqual(new Set([TRACE]));
  const [accepted] = api.log.entries.filter(({ traceId }) => traceId !== undefined);
  expect(accepted?.traceId).toBe('1-67891233-abcdef012345678912345678');
  expect(await send('Root=1;\tevil')).toEqual(new Set(['undefined']));
});
