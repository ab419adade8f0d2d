import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Emulator } from '../src/index.ts';

export type RawRequest = {
  readonly method: string;
  readonly path: string;
  readonly query?: Record<string, string>;
  readonly headers?: Record<string, string>;
  readonly body?: string;
};

export type RawAnswer = { readonly status: number; readonly text: string };

/** The request with what a client with the emulator's keys adds to it. The body is not signed. */
export async function sign(emulator: Emulator, raw: RawRequest, signingDate = new Date()): Promise<RawRequest> {
  const sha256 = Hash.bind(null, 'sha256');
  const signer = new SignatureV4({
    ...{ credentials: emulator.credentials, region: 'us-east-1', service: 's3', sha256 },
    uriEscapePath: false,
  });
  const headers = { host: `127.0.0.1:${emulator.port}`, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD', ...raw.headers };
  const signable = { method: raw.method, protocol: 'http:', hostname: '127.0.0.1', path: raw.path, headers };
  const signed = await signer.sign({ ...signable, ...(raw.query && { query: raw.query }) }, { signingDate });
  return { ...raw, headers: signed.headers };
}

/** Sends a request as it stands, Host header and all, which `fetch` does not. */
export function send({ port }: Emulator, { method, path, query, headers, body }: RawRequest): Promise<RawAnswer> {
  const search = query === undefined ? '' : `?${new URLSearchParams(query)}`;
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, method, path: path + search, headers }, async (response) => {
      resolve({ status: response.statusCode ?? 0, text: await text(response) });
    })
      .on('error', reject)
      .end(body);
  });
}
