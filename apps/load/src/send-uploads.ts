import { AnsweredError } from './answered-error.ts';
import type { LoadSettings } from './commands.ts';
import { employeeLines } from './employee-file.ts';
import { followUpload } from './follow-upload.ts';

/** What became of the files so far. Times in milliseconds. */
export type Tally = {
  /** From the first byte sent to the 202. */
  accepted: number[];
  /** From the first byte sent to the last row having an outcome. */
  imported: number[];
  /** How often each error was answered, by its code or by what broke. */
  errors: Map<string, number>;
};

export type Listeners = { onChange(): void; onSent(): void };

/** Sends the files, so many at the same time, and waits until all of them are imported. */
export async function sendUploads(
  settings: LoadSettings,
  tally: Tally,
  { onChange, onSent }: Listeners,
): Promise<void> {
  const following: Promise<void>[] = [];
  let next = 0;
  const sendNext = async () => {
    while (next < settings.count) {
      const number = next++;
      const start = performance.now();
      const id = await attempt(tally, () => sendUpload(settings, number));
      if (id !== undefined) {
        tally.accepted.push(performance.now() - start);
        following.push(follow(settings, id, start));
      }
      onChange();
    }
  };
  await Promise.all(Array.from({ length: settings.concurrency }, sendNext));
  onSent();
  await Promise.all(following);

  async function follow({ url, key }: LoadSettings, id: string, start: number): Promise<void> {
    const imported = await attempt(tally, () => followUpload(url, id, headersOf(key)));
    if (imported !== undefined) tally.imported.push(performance.now() - start);
    onChange();
  }
}

async function sendUpload({ url, file, key }: LoadSettings, number: number): Promise<string> {
  const content = [...employeeLines({ ...file, seed: file.seed + number })].join('');
  const body = new FormData();
  body.set('employee_data', new Blob([content], { type: 'text/csv' }), `load-${number}.csv`);
  const response = await fetch(`${url}/v1/employee-data-upload`, { method: 'POST', body, headers: headersOf(key) });
  const answer = (await response.json()) as { id: string; code?: string };
  if (!response.ok) throw new AnsweredError(answer.code ?? String(response.status));
  return answer.id;
}

function headersOf(key: string | undefined): Record<string, string> {
  return key === undefined ? {} : { authorization: `Bearer ${key}` };
}

/** Counts what breaks; what comes back is undefined then. */
async function attempt<T>({ errors }: Tally, step: () => Promise<T>): Promise<T | undefined> {
  try {
    return await step();
  } catch (error) {
    const code = nameOf(error);
    errors.set(code, (errors.get(code) ?? 0) + 1);
    return undefined;
  }
}

function nameOf(error: unknown): string {
  if (error instanceof AnsweredError) return error.message;
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return error instanceof Error ? error.message : String(error);
}
