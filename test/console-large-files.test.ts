import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { HAS_BROWSER } from '../apps/api/test/browser.ts';
import { openWatchedPage, type Page } from './support/console-page.ts';
import { newDataDir, npmStart } from './support/npm-start.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const MIB = 1024 * 1024;
const ROWS = 9000;
/** A file is large from here on; its parts have 8 MiB all the same. */
const LARGE = 20 * MIB;

/** A file of five parts, and few rows: most of it is a column that nobody reads. */
async function largeFile(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'rowferry-large-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const note = 'x'.repeat(4000);
  const rows = Array.from({ length: ROWS }, (_, n) => `P ${n},Oakline,07700 900301,p${n}@large.example,${note}\n`);
  const path = join(directory, 'large.csv');
  await writeFile(path, `name,company,phone,email,note\n${rows.join('')}`);
  return path;
}

/** The numbers of the parts that are sent from now on, and that S3 takes. */
function watchParts(page: Page) {
  const parts = { sent: [] as number[], taken: [] as number[] };
  const numberIn = (url: string) => Number(new URL(url).searchParams.get('partNumber'));
  page.on('request', (request) => {
    if (request.method() === 'PUT') parts.sent.push(numberIn(request.url()));
  });
  page.on('response', (response) => {
    if (response.request().method() === 'PUT' && response.ok()) parts.taken.push(numberIn(response.url()));
  });
  return parts;
}

test.runIf(HAS_BROWSER)(
  'a large file goes straight to S3 in parts, and after a break and a reload only what is missing is sent',
  { timeout: 4 * MINUTE },
  async () => {
    const rowferry = await npmStart({
      DATA_DIR: await newDataDir(),
      PORT: '0',
      DIRECT_UPLOAD_BYTES: String(LARGE),
      MAX_UPLOAD_BYTES: String(64 * MIB),
    });
    const { page, faults } = await openWatchedPage();
    page.on('dialog', (dialog) => void dialog.accept());
    const path = await largeFile();
    const chooseLarge = () => page.locator('input[type=file]').setInputFiles(path);

    await page.goto(rowferry.api);
    await chooseLarge();
    await page.getByText('its first 8.4 MB were checked').waitFor();
    await page.getByText('Every row can be imported.').waitFor();
    // The line breaks in the middle of the fifth part, and stays so.
    const LAST_PART = /partNumber=5&/;
    await page.route(LAST_PART, (route) => route.abort('connectionreset'));
    const before = watchParts(page);
    await page.getByRole('button', { name: 'Import the file' }).click();
    await page.getByText('The server does not answer').waitFor();
    await expect.poll(() => before.taken.toSorted()).toEqual([1, 2, 3, 4]);

    await page.reload();
    await page.getByText('Not sent completely').waitFor();
    await page.getByText('large.csv (36.4 MB)').waitFor();
    await page.unroute(LAST_PART);
    const after = watchParts(page);
    await chooseLarge();
    await page.getByText('33.6 MB of 36.4 MB').waitFor();
    await page.getByRole('button', { name: 'Send the rest' }).click();

    await page.waitForURL(/\/uploads\//);
    expect(after).toEqual({ sent: [5], taken: [5] });
    await page.locator('[data-status=completed]').waitFor({ timeout: MINUTE });
    expect(await page.locator('[data-outcome=inserted]').textContent()).toBe('9,000');

    // Cancelled, nothing of it is left.
    await page.goto(rowferry.api);
    expect(await page.getByText('Not sent completely').count()).toBe(0);
    await chooseLarge();
    await page.getByText('Every row can be imported.').waitFor();
    await page.route(/partNumber=[45]&/, (route) => route.abort('connectionreset'));
    await page.getByRole('button', { name: 'Import the file' }).click();
    await page.getByText('The server does not answer').waitFor();
    await page.getByRole('link', { name: 'People' }).click();
    await page.getByRole('button', { name: 'Stay here' }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Import the file' }).waitFor();
    await expect.poll(async () => (await uploadsOf(rowferry.api)).length).toBe(1);

    // A file over the server's limit is not sent at all.
    const requests: string[] = [];
    page.on('request', (request) => requests.push(`${request.method()} ${new URL(request.url()).pathname}`));
    await page.goto(rowferry.api);
    await writeFile(path, Buffer.alloc(65 * MIB, 'a,b\n'));
    await chooseLarge();
    await page.getByText('This server takes files of up to 67.1 MB').waitFor();
    expect(requests.filter((request) => request.startsWith('POST'))).toEqual([]);

    expect(faults.hosts).toEqual(new Set([rowferry.api, rowferry.endpoint].map((url) => new URL(url).origin)));
    expect(faults.errors.filter((error) => !error.includes('net::ERR_CONNECTION_RESET'))).toEqual([]);
  },
);

async function uploadsOf(api: string): Promise<{ id: string }[]> {
  const { data } = (await (await fetch(`${api}/v1/uploads`)).json()) as { data: { id: string }[] };
  return data;
}
