import { createHash, createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { databaseToken } from './database-token.ts';

const URL_OF_SERVER = 'postgres://rowferry_app@db.abc.eu-central-1.rds.amazonaws.com:5432/rowferry?sslmode=verify-full';
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';

/** Signature Version 4 of a presigned request, by its description alone (docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html). */
function signatureOf(host: string, query: URLSearchParams): string {
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const canonicalQuery = [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .toSorted()
    .join('&');
  const canonical = ['GET', '/', canonicalQuery, `host:${host}`, '', 'host', sha256('')].join('\n');
  const [, ...scope] = (query.get('X-Amz-Credential') ?? '').split('/');
  const toSign = ['AWS4-HMAC-SHA256', query.get('X-Amz-Date'), scope.join('/'), sha256(canonical)].join('\n');
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${SECRET}`);
  return hmac(key, toSign).toString('hex');
}

test('a token is a presigned request to connect, which says who, where and until when', async () => {
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: SECRET, sessionToken: 'se/ss+ion=' };
  const now = new Date('2026-11-28T12:34:56Z');

  const token = await databaseToken(URL_OF_SERVER, { region: 'eu-central-1', credentials }, now);

  const [host = '', query = ''] = token.split('/?');
  const parameters = new URLSearchParams(query);
  expect(host).toBe('db.abc.eu-central-1.rds.amazonaws.com:5432');
  expect(Object.fromEntries(parameters)).toEqual({
    Action: 'connect',
    DBUser: 'rowferry_app',
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': 'AKIDEXAMPLE/20261128/eu-central-1/rds-db/aws4_request',
    'X-Amz-Date': '20261128T123456Z',
    'X-Amz-Expires': '900',
    'X-Amz-Security-Token': 'se/ss+ion=',
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Signature': signatureOf(host, parameters),
  });
});
