import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@rowferry/database';
import { expect, onTestFinished, test } from 'vitest';
import { HAS_BROWSER } from '../apps/api/test/browser.ts';
import { choose, openWatchedPage, type Page } from './support/console-page.ts';
import { newDataDir, npmStart } from './support/npm-start.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const MIB = 1024 * 1024;
const HEADER = 'name,company,phone,email';
const rowOf = (name: string) => `${name},Oakline,07700 900301,${name.toLowerCase()}@faults.example`;
const READY = 'Every row can be imported.';

async function fileOnDisk(content: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'rowferry-faults-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const path = join(directory, 'staff.csv');
  await writeFile(path, content);
  return path;
}

/** Drops files on the page, as a hand does. In text, since what browsers alone have is not known here. */
async function drop(page: Page, ...files: { name: string; content: string }[]): Promise<void> {
  const dataTransfer = await page.evaluateHandle(`(() => {
    const transfer = new DataTransfer();
    for (const { name, content } of ${JSON.stringify(files)}) transfer.items.add(new File([content], name));
    return transfer;
  })()`);
  await page.dispatchEvent('body', 'drop', { dataTransfer });
}

async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate(`(() => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', ${JSON.stringify(text)});
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
  })()`);
}

test.runIf(HAS_BROWSER)(
  'what is no good file gets a clear sentence and a way on; a file is dropped and cells are pasted on any page',
  { timeout: 3 * MINUTE },
  async () => {
    const { api } = await npmStart({ DATA_DIR: await newDataDir(), PORT: '0' });
    const { page, faults } = await openWatchedPage();
    await page.addInitScript(() => {
      const told: string[] = [];
      class Told {
        static permission = 'default';
        static async requestPermission() {
          Told.permission = 'granted';
          return Told.permission;
        }
        constructor(title: string) {
          told.push(title);
        }
      }
      Object.assign(globalThis, { Notification: Told, told });
    });

    await page.goto(`${api}/employees`);
    await page.getByText('Nobody is here yet').waitFor();
    await drop(page, { name: 'a.csv', content: 'a' }, { name: 'b.csv', content: 'b' });
    await page.getByText('One file at a time').waitFor();
    const script = '<img src=x onerror=alert(1)>';
    await drop(page, { name: `${script}.csv`, content: `${HEADER}\n"${script}",Oakline,,eve@faults.example\n` });
    await page.getByText(`${script}.csv`).waitFor();
    await page.getByText(READY).waitFor();
    expect(await page.getByRole('cell', { name: script, exact: true }).count()).toBe(1);
    expect(await page.locator('img').count()).toBe(0);

    await page.getByRole('link', { name: 'Uploads' }).click();
    await paste(page, 'Name\tFirma\tE-Mail\nPasty\tOakline\tpasty@faults.example\n');
    await page.getByText('pasted.csv').waitFor();
    await page.getByText(READY).waitFor();

    await page.getByRole('button', { name: 'Another file' }).click();
    await page.locator('input[type=file]').setInputFiles('examples/workbook.xlsx');
    await page.getByText('Excel workbook').waitFor();
    await choose(page, api, '');
    await page.getByText('The file is empty').waitFor();

    // A profile is kept, read by, and deleted.
    await choose(page, api, 'Who,Site,Mail\nAnn,Oakline,ann@faults.example\n');
    await page.getByLabel('Name', { exact: true }).selectOption({ label: 'Who' });
    await page.getByLabel('Company', { exact: true }).selectOption({ label: 'Site' });
    await page.getByLabel('E-mail address', { exact: true }).selectOption({ label: 'Mail' });
    await page.getByRole('button', { name: 'Check again' }).click();
    await page.getByText(READY).waitFor();
    await page.getByLabel('Keep these settings as a profile').fill('club');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('can be read by club').waitFor();
    await choose(page, api, 'Who,Site,Mail\nBob,Oakline,bob@faults.example\n');
    await page.getByLabel('Read it by a profile').selectOption('club');
    await page.getByText(READY).waitFor();
    const busy = { status: 503, headers: { 'Retry-After': '1' }, json: { code: 'busy', status: 503, title: 'Busy' } };
    await page.route('**/v1/employee-data-upload?', (route) => route.fulfill(busy), { times: 1 });
    await page.getByRole('button', { name: 'Import 1 row' }).click();
    await page.getByText('The server has much to do').waitFor();
    await page.locator('[data-status=completed]').waitFor();
    await choose(page, api, 'Who,Site,Mail\nCy,Oakline,cy@faults.example\n');
    await page.getByLabel('Read it by a profile').selectOption('club');
    await page.getByRole('button', { name: 'Delete the profile' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete the profile' }).click();
    await page.getByRole('alert').getByText('lacks').waitFor();
    await expect.poll(() => page.getByLabel('Read it by a profile').count()).toBe(0);

    await page.getByRole('link', { name: 'People' }).click();
    await page.getByRole('link', { name: 'Send', exact: true }).click();
    await page.getByText('Drop a CSV file here').waitFor();

    // A file that changes on disk, before it is checked again and before it is sent.
    await page.goto(api);
    const path = await fileOnDisk(`${HEADER}\n${rowOf('Dan')}\n`);
    await page.locator('input[type=file]').setInputFiles(path);
    await page.getByText(READY).waitFor();
    await writeFile(path, `${HEADER}\n${rowOf('Other')}\n${rowOf('More')}\n`);
    await page.getByRole('button', { name: 'Import 1 row' }).click();
    await page.getByText('it has changed on disk').waitFor();
    await page.getByRole('button', { name: 'Another file' }).click();
    await page.locator('input[type=file]').setInputFiles(path);
    await page.getByRole('button', { name: 'Import 2 rows' }).click();
    await page.locator('[data-status=completed]').waitFor();

    await choose(page, api, `${HEADER}\n${Array.from({ length: 3000 }, (_, n) => rowOf(`Told${n}`)).join('\n')}\n`);
    await page.getByRole('button', { name: 'Import 3,000 rows' }).click();
    await page.getByRole('button', { name: 'Tell me when it is done' }).click();
    await page.locator('[data-status=completed]').waitFor();
    expect(await page.evaluate(() => Object(globalThis).told)).toEqual(['staff.csv: completed']);
    expect(faults.errors.filter((error) => !/status of (415|503)/.test(error))).toEqual([]);
  },
);

test.runIf(HAS_BROWSER)(
  'a file is imported once though the server stops in the middle of it, and the key is revoked',
  { timeout: 4 * MINUTE },
  async () => {
    const dataDir = await newDataDir();
    const rowferry = await npmStart({ DATA_DIR: dataDir, PORT: '0' });
    const { page } = await openWatchedPage();
    const note = 'x'.repeat(10_000);
    const rows = Array.from({ length: 1200 }, (_, n) => `${rowOf(`P${n}`)},${note}\n`);
    await choose(page, rowferry.api, `${HEADER},note\n${rows.join('')}`);
    await page.getByText(READY).waitFor();
    const network = await page.context().newCDPSession(page);
    const line = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: MIB };
    await network.send('Network.emulateNetworkConditions', line);
    await page.getByRole('button', { name: 'Import 1,200 rows' }).click();
    await page.getByText(/Sending, [1-9]\d?\s?%/).waitFor();
    await rowferry.killAll();
    await page.getByText('The server does not answer').waitFor();
    await network.send('Network.emulateNetworkConditions', { ...line, uploadThroughput: -1 });
    const { databaseUrl } = await npmStart({ DATA_DIR: dataDir, PORT: new URL(rowferry.api).port });
    // For a minute the key is taken to be that of an attempt that lives; so much is passed over.
    await page.getByText('An earlier attempt').waitFor();
    const database = connect({ url: databaseUrl, poolMax: 1, onWarning: () => {} });
    await database.raw('update idempotency_keys set claimed_until = now()');
    await database.destroy();
    await page.locator('[data-status=completed]').waitFor({ timeout: MINUTE });
    expect(await page.locator('[data-outcome=inserted]').textContent()).toBe('1,200');

    const post = async (path: string, body: object, key?: string) => {
      const headers = { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) };
      const answer = await fetch(`${rowferry.api}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      return (await answer.json()) as { id: string; key: string };
    };
    const scopes = ['upload', 'read', 'operate'];
    const kept = await post('/v1/api-keys', { name: 'kept', scopes });
    const revoked = await post('/v1/api-keys', { name: 'revoked', scopes }, kept.key);
    const giveKey = async (key: string) => {
      await page.getByLabel('API key', { exact: true }).fill(key);
      await page.getByRole('button', { name: 'Use this key' }).click();
    };
    await choose(page, rowferry.api, `${HEADER}\n${rowOf('Keyed')}\n`);
    await giveKey(revoked.key);
    await page.getByText(READY).waitFor();
    const authorization = `Bearer ${kept.key}`;
    await fetch(`${rowferry.api}/v1/api-keys/${revoked.id}`, { method: 'DELETE', headers: { authorization } });
    await page.getByRole('button', { name: 'Import 1 row' }).click();
    await giveKey(kept.key);
    await page.locator('[data-status=completed]').waitFor();

    const uploads = await fetch(`${rowferry.api}/v1/uploads`, { headers: { authorization } });
    const { data } = (await uploads.json()) as { data: { status: string; counts: { inserted: number } }[] };
    // The attempt that died with its server never has its file, and expires.
    expect(data.map(({ status, counts }) => `${status} ${counts.inserted}`)).toEqual([
      'completed 1',
      'completed 1200',
      'receiving 0',
    ]);
  },
);
