import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 50;
/** An upload of which nothing more lands for so long has come to a halt. */
const STALL_MS = 120_000;

/** As `GET /v1/uploads/<id>` answers. */
export type Upload = { id: string; status: string; total: number | null; counts: Record<string, number> };

export type Ingested = {
  upload: Upload;
  /** Sending the file, until the API has taken it. */
  uploadSeconds: number;
  /** From then on, until the API says that the last row is in place. */
  landSeconds: number;
};

/** Sends a file as `curl -F employee_data=@file` does and waits until its last row is visible. */
export async function ingest(apiUrl: string, file: string): Promise<Ingested> {
  const start = performance.now();
  const { id } = await send(apiUrl, file);
  const accepted = performance.now();
  const upload = await awaitEnd(apiUrl, id);
  const landed = performance.now();
  return { upload, uploadSeconds: (accepted - start) / 1000, landSeconds: (landed - accepted) / 1000 };
}

/** What the file would come to: sends it with `dryRun=true`. */
export async function dryRun(apiUrl: string, file: string): Promise<Pick<Upload, 'total' | 'counts'>> {
  const response = await post(`${apiUrl}/v1/employee-data-upload?dryRun=true`, file);
  if (!response.ok) throw new Error(`the dry run was refused: ${response.status} ${await response.text()}`);
  return (await response.json()) as Upload;
}

/** Reads an answer to its end and keeps nothing of it. */
export async function download(url: string): Promise<void> {
  const response = await fetch(url);
  if (!response.ok || response.body === null) throw new Error(`${url} answers ${response.status}`);
  for await (const chunk of response.body) void chunk;
}

async function send(apiUrl: string, file: string): Promise<Upload> {
  const response = await post(`${apiUrl}/v1/employee-data-upload`, file);
  if (response.status !== 202) throw new Error(`the upload was refused: ${response.status} ${await response.text()}`);
  return (await response.json()) as Upload;
}

async function post(url: string, file: string): Promise<Response> {
  const form = new FormData();
  // A blob of a file is read as it is sent.
  form.set('employee_data', await openAsBlob(file, { type: 'text/csv' }), basename(file));
  return fetch(url, { method: 'POST', body: form });
}

async function awaitEnd(apiUrl: string, id: string): Promise<Upload> {
  let progress = '';
  let moved = performance.now();
  for (;;) {
    const response = await fetch(`${apiUrl}/v1/uploads/${id}`);
    if (!response.ok) throw new Error(`the upload cannot be seen: ${response.status} ${await response.text()}`);
    const upload = (await response.json()) as Upload;
    if (/^(completed|failed)/.test(upload.status)) return upload;
    const now = performance.now();
    if (JSON.stringify(upload) !== progress) moved = now;
    else if (now - moved > STALL_MS) throw new Error(`nothing moves any more: ${progress}`);
    progress = JSON.stringify(upload);
    await delay(POLL_MS);
  }
}
