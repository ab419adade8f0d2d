import { z } from 'zod';
import type { PlannedFile } from './workload.ts';

/** Longer than any time limit of the API's own. */
const TIMEOUT_MS = 90_000;
const PAGE = 100;

const uploadSchema = z.object({
  id: z.string(),
  status: z.string(),
  fileName: z.string(),
  total: z.number().nullable(),
  counts: z.record(z.string(), z.number()),
  failure: z.object({ code: z.string() }).nullable(),
});
export type UploadView = z.infer<typeof uploadSchema>;

const uploadPageSchema = z.object({ data: z.array(uploadSchema) });
const failedRowsSchema = z.object({
  data: z.array(
    z.object({
      uploadId: z.string(),
      line: z.number(),
      attempts: z.number(),
      raw: z.unknown(),
      errors: z.array(z.object({ message: z.string() })),
    }),
  ),
});
export type FailedRow = z.infer<typeof failedRowsSchema>['data'][number];

const redriveSchema = z.object({ rows: z.number(), file: z.boolean() });

/** The API as a client of it sees it. Every method throws when the answer is not the one that was hoped for. */
export class ApiClient {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** @returns the id of the upload. */
  async send(file: PlannedFile): Promise<string> {
    const form = new FormData();
    form.set('employee_data', new Blob([file.csv], { type: 'text/csv' }), file.name);
    const answer = await this.#ask('/v1/employee-data-upload', { method: 'POST', body: form }, 202);
    return uploadSchema.parse(answer).id;
  }

  /** All uploads; there are never more than fit on one page. */
  async uploads(): Promise<UploadView[]> {
    const { data } = uploadPageSchema.parse(await this.#ask(`/v1/uploads?limit=${PAGE}`, {}, 200));
    if (data.length === PAGE) throw new Error('there are more uploads than one page holds');
    return data;
  }

  async deadRows(uploadId: string): Promise<FailedRow[]> {
    const path = `/v1/uploads/${uploadId}/failed-rows?outcome=dead&limit=${PAGE}`;
    return failedRowsSchema.parse(await this.#ask(path, {}, 200)).data;
  }

  /** Has the dead rows sent again, and the file read again where that failed. */
  async redrive(uploadId: string): Promise<{ rows: number; file: boolean }> {
    return redriveSchema.parse(await this.#ask(`/v1/uploads/${uploadId}/redrive`, { method: 'POST' }, 202));
  }

  async #ask(path: string, init: RequestInit, status: number): Promise<unknown> {
    const response = await fetch(this.#url + path, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const text = await response.text();
    if (response.status !== status) throw new Error(`${path} answered ${response.status}: ${text}`);
    return JSON.parse(text);
  }
}
