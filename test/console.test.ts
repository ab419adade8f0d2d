import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { HAS_BROWSER } from '../apps/api/test/browser.ts';
import { accessibilityFaults, choose, type Faults, openWatchedPage, type Page } from './support/console-page.ts';
import { newDataDir, npmStart, type Rowferry } from './support/npm-start.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const KIB = 1024;
const UNCLEAR = '10e-unclear-encoding.csv';

/** A page of the console of a system of the test's own, and what it must not do. */
async function setupConsole(): Promise<{ page: Page; rowferry: Rowferry; dataDir: string; faults: Faults }> {
  const dataDir = await newDataDir();
  const rowferry = await npmStart({ DATA_DIR: dataDir, PORT: '0' });
  return { ...(await openWatchedPage()), rowferry, dataDir };
}

test.runIf(HAS_BROWSER)(
  'a person sends a file, sees it land, corrects a row and finds the people, and the page asks no other host',
  { timeout: 3 * MINUTE },
  async () => {
    const { page, rowferry, faults } = await setupConsole();

    await choose(
      page,
      rowferry.api,
      'Our staff\nFull name,Site,Phone,E-mail\n Mira  Stone,Oakline,07700 900301,Mira@console.example\nJon Vale,Oakline,12,jon@console.example\n',
    );
    // "Site" is no name of the company's column, so the person says what it is.
    await page.getByRole('alert').getByText('company_name').waitFor();
    await page.getByLabel('Company', { exact: true }).selectOption({ label: 'Site' });
    await page.getByRole('button', { name: 'Check again' }).click();
    await expect.poll(() => page.locator('[data-outcome=inserted]').textContent()).toBe('1');
    expect(await page.getByText('Lines above the header').textContent()).toContain('Line 1');
    const firstRow = page.getByRole('row', { name: 'mira@console.example' });
    expect((await firstRow.innerText()).split(/\s*\t\s*/)).toEqual([
      '3',
      'Mira Stone',
      'Oakline',
      '07700 900301',
      'mira@console.example',
    ]);
    expect(await page.locator('[data-outcome=rejected]').textContent()).toBe('1');
    await page.getByRole('button', { name: 'Import the other rows' }).click();

    await page.locator('[data-status=completed_with_errors]').waitFor();
    const cell = page.getByLabel('Mobile number, Line 4');
    expect(await cell.inputValue()).toBe('12');
    expect(await cell.getAttribute('aria-invalid')).toBe('true');
    await cell.fill('07700 900302');
    await page.getByRole('button', { name: 'Send 1 corrected row' }).click();
    await page.locator('[data-status=completed]').waitFor();

    const bell = page.getByRole('button', { name: /^\d new$|^Nothing new$/ });
    await page.getByRole('button', { name: '2 new' }).click();
    await page.locator('[data-notification="upload.completed_with_errors"]').waitFor();
    await page.getByRole('link', { name: 'A file is imported', exact: true }).click();
    await page.getByRole('button', { name: 'Nothing new' }).waitFor();
    expect(await bell.getAttribute('aria-expanded')).toBe('false');

    await page.getByRole('link', { name: 'People' }).click();
    await page.getByText('2 people').waitFor();
    await page.getByLabel('Search by name or address').fill('vale');
    await page.getByText('1 person').waitFor();
    const [person, ...others] = await page.locator('main li').allInnerTexts();
    expect(others).toEqual([]);
    expect(person?.split(/\n+/)).toEqual(['Jon Vale', 'Oakline', 'jon@console.example', '07700 900302']);
    expect(page.url()).toContain('searchTerm=vale');

    await choose(page, rowferry.api, 'name,company,phone,email\nMira Rock,Oakline,07700 900301,mira@console.example\n');
    await page.getByRole('heading', { name: 'People who would change' }).waitFor();
    expect(await page.getByRole('row', { name: '2 mira@console.example' }).innerText()).toMatch(
      /Mira Stone\s+Mira Rock/,
    );

    await page.getByRole('link', { name: 'Uploads' }).click();
    await page.getByRole('link', { name: 'corrected-staff.csv' }).waitFor();
    await page.getByLabel('Status').selectOption('completed_with_errors');
    await page.waitForURL(/status=completed_with_errors/);
    await expect.poll(() => page.getByRole('row').count()).toBe(2);

    expect(faults.hosts).toEqual(new Set([new URL(rowferry.api).origin]));
    expect(faults.errors).toEqual([]);
  },
);

test.runIf(HAS_BROWSER)(
  'a server that is killed while a file lands is waited for, and no row is lost',
  { timeout: 4 * MINUTE },
  async () => {
    const { page, rowferry, dataDir } = await setupConsole();
    const rows = 30_000;
    const people = Array.from({ length: rows }, (_, n) => `P ${n},Oakline,07700 900301,p${n}@killed.example\n`);
    await choose(page, rowferry.api, `name,company,phone,email\n${people.join('')}`);
    await page.getByRole('button', { name: 'Import 30,000 rows' }).click();
    await page.waitForURL(/\/uploads\//);
    await page.locator('[data-status=processing]').waitFor();

    await rowferry.killAll();
    await page.getByText('The connection is lost').waitFor();
    await npmStart({ DATA_DIR: dataDir, PORT: new URL(rowferry.api).port });

    await page.locator('[data-status=completed]').waitFor({ timeout: 2 * MINUTE });
    expect(await page.locator('[data-outcome=inserted]').textContent()).toBe('30,000');
  },
);

test.runIf(HAS_BROWSER)(
  'a file whose encoding is not clear is shown in each that it may be in, and read in the one that is chosen',
  { timeout: 2 * MINUTE },
  async () => {
    const { page, rowferry } = await setupConsole();
    const unclear = readFileSync(join(import.meta.dirname, 'files', 'cases', UNCLEAR));
    await page.goto(rowferry.api);
    await page.locator('input[type=file]').setInputFiles({ name: UNCLEAR, mimeType: 'text/csv', buffer: unclear });

    await page.getByText('Which of these reads right?').waitFor();
    await page.getByRole('button', { name: 'Hõ Võ' }).click();

    await page.getByText('Every row can be imported.').waitFor();
    expect(await page.getByText('Which of these reads right?').count()).toBe(0);
  },
);

test.runIf(HAS_BROWSER).for(['light', 'dark'] as const)(
  'every page can be used by everybody, in %s colours, as far as axe can tell',
  { timeout: 3 * MINUTE },
  async (colorScheme) => {
    const { page, rowferry } = await setupConsole();
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const found: Record<string, string[]> = {};
    const check = async (name: string) => {
      found[name] = await accessibilityFaults(page);
    };

    await page.goto(rowferry.api);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await check('send');
    await choose(
      page,
      rowferry.api,
      'name,company,phone,email\nMira,Oakline,12,mira@axe.example\nJon,Oakline,,jon@axe.example\nJo,Oakline,,jon@axe.example\n',
    );
    await page.getByRole('button', { name: 'Import the other rows' }).waitFor();
    await page.getByText('Have a look').waitFor();
    await check('checked');
    await page.getByRole('button', { name: 'Import the other rows' }).click();
    await page.locator('[data-status=completed_with_errors]').waitFor();
    await page.getByLabel('Mobile number, Line 2').waitFor();
    await check('upload');
    await page.goto(`${rowferry.api}/uploads`);
    await page.getByRole('table').waitFor();
    await check('uploads');
    await page.goto(`${rowferry.api}/employees`);
    await page.locator('main li').first().waitFor();
    await check('people');
    await page.goto(`${rowferry.api}/nowhere`);
    await page.getByRole('heading', { name: '404' }).waitFor();
    await check('nowhere');

    expect(found).toEqual({ send: [], checked: [], upload: [], uploads: [], people: [], nowhere: [] });
  },
);

test.runIf(HAS_BROWSER)('the first page loads 250 KiB of script at most', { timeout: 2 * MINUTE }, async () => {
  const { page, rowferry } = await setupConsole();
  const scripts: Promise<Buffer>[] = [];
  page.on('response', (response) => {
    if (response.url().endsWith('.js')) scripts.push(response.body());
  });

  await page.goto(rowferry.api);
  await page.getByRole('button', { name: 'Choose a file' }).waitFor();

  const sizes = (await Promise.all(scripts)).map((script) => gzipSync(script).byteLength);
  expect(sizes.length).toBeGreaterThan(0);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(250 * KIB);
});

test('the page runs no script but its own and is shown in no frame; a program that asks for JSON gets a problem', async () => {
  const dataDir = await newDataDir();
  const { api, endpoint } = await npmStart({ DATA_DIR: dataDir, PORT: '0' });

  const page = await fetch(`${api}/uploads?status=failed`, { headers: { Accept: 'text/html' } });
  const asset = /src="\.\/(assets\/[^"]+\.js)"/.exec(await page.text())?.[1];
  const script = await fetch(`${api}/${asset}`, { headers: { 'Accept-Encoding': 'br' } });
  const forProgram = await fetch(`${api}/uploads`);

  const policy = page.headers.get('content-security-policy') ?? '';
  expect(policy).toMatch(/default-src 'none'; script-src 'self'; style-src 'self' 'nonce-[^']+';/);
  expect(policy).toContain("frame-ancestors 'none'");
  // The one other host that it may send to is S3.
  expect(policy).toContain(`; connect-src 'self' ${endpoint}; `);
  expect(policy.replace(endpoint, '')).not.toMatch(/unsafe|https?:|\*/);
  expect(page.headers.get('cache-control')).toBe('no-store');
  expect(script.headers.get('content-encoding')).toBe('br');
  expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(forProgram.status).toBe(404);
  expect(forProgram.headers.get('content-type')).toContain('application/problem+json');
});
