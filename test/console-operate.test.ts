import { connect, saveUnreadableMessage } from '@rowferry/database';
import { expect, test } from 'vitest';
import { HAS_BROWSER } from '../apps/api/test/browser.ts';
import { accessibilityFaults, openWatchedPage, type Page } from './support/console-page.ts';
import { newDataDir, npmStart, type Rowferry } from './support/npm-start.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** More rows to correct than fit into sight, or onto one page of the API. */
const REJECTED = 250;

/** A file with rows to correct from line 2 on, then two rows of one person. */
function fileToCorrect(): string {
  const bad = Array.from({ length: REJECTED }, (_, n) => `Bad ${n},Oakline,12,bad${n}@operate.example\n`);
  const twice = ['Old Ann', 'Ann Lee'].map((name) => `${name},Oakline,07700 900301,ann@operate.example\n`);
  return `name,company,phone,email\n${bad.join('')}${twice.join('')}`;
}

async function send({ api }: Rowferry, content: string, name: string): Promise<string> {
  const form = new FormData();
  form.set('employee_data', new Blob([content], { type: 'text/csv' }), name);
  const sent = await fetch(`${api}/v1/employee-data-upload`, { method: 'POST', body: form });
  const { id } = (await sent.json()) as { id: string };
  await expect
    .poll(async () => ((await (await fetch(`${api}/v1/uploads/${id}`)).json()) as { status: string }).status, {
      timeout: 30 * SECOND,
    })
    .toMatch(/^completed/);
  return id;
}

/** Makes one row of an upload dead, as a consumer that failed at it again and again would. */
async function makeDead({ databaseUrl }: Rowferry, uploadId: string, line: number): Promise<void> {
  const database = connect({ url: databaseUrl, poolMax: 1, onWarning: () => {} });
  const raw = { employee_name: 'Dee Dead', company_name: 'Oakline', mobile_no: null, email: 'dee@operate.example' };
  const errors = [{ code: 'delivery_failed', column: null, message: 'Postgres was restarted' }];
  await database.raw(`update upload_rows set outcome = 'dead', raw = ?, errors = ? where upload_id = ? and line = ?`, [
    JSON.stringify(raw),
    JSON.stringify(errors),
    uploadId,
    line,
  ]);
  await database.raw(
    `insert into upload_counts (upload_id, shard, rejected, dead) values (?, 0, -1, 1)
     on conflict (upload_id, shard) do update set rejected = upload_counts.rejected - 1, dead = 1`,
    [uploadId],
  );
  await saveUnreadableMessage(database, { messageId: 'm-1', queue: 'rows', body: '{"v":99}', reason: 'version 99' });
  await database.destroy();
}

test.runIf(HAS_BROWSER)(
  'who runs it corrects many rows by the keys, sees what won, finds where a person comes from, redrives, and makes and revokes keys',
  { timeout: 5 * MINUTE },
  async () => {
    const rowferry = await npmStart({ DATA_DIR: await newDataDir(), PORT: '0' });
    const { page, faults } = await openWatchedPage();
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const found: Record<string, string[]> = {};
    const check = async (view: string) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        found[`${view}, ${colorScheme}`] = await accessibilityFaults(page);
      }
    };
    const id = await send(rowferry, fileToCorrect(), 'many.csv');
    await send(rowferry, fileToCorrect(), 'again.csv');
    await makeDead(rowferry, id, 10);

    await page.goto(`${rowferry.api}/uploads`);
    const again = page.getByRole('row', { name: 'again.csv' });
    await again.getByText('without a key').waitFor();
    expect(await again.getByRole('link', { name: 'Sent before' }).getAttribute('href')).toBe(`/uploads/${id}`);
    await check('uploads');

    await page.getByRole('link', { name: 'many.csv' }).click();
    await correctByKeys(page);
    await check('rows to correct');

    await page.getByRole('tab', { name: 'Superseded (1)' }).click();
    const superseded = page.getByRole('row', { name: 'Old Ann' });
    expect((await superseded.innerText()).replaceAll(/\s+/g, ' ')).toMatch(/^252 Old Ann .*ann@operate\.example/);
    await superseded.getByText(/^Line 253 of/).waitFor();
    await check('superseded rows');

    await page.getByRole('tab', { name: 'Not written (1)' }).click();
    await page.getByRole('row', { name: 'Postgres was restarted' }).waitFor();
    await check('rows that were not written');
    await page.getByRole('button', { name: 'Try to write them again' }).click();
    await expect.poll(() => page.locator('[data-outcome=dead]').textContent(), { timeout: 30 * SECOND }).toBe('0');
    await expect.poll(() => page.locator('[data-outcome=inserted]').textContent()).toBe('2');

    await page.getByRole('tab', { name: 'To correct (249)' }).click();
    await page.getByLabel('Mobile number, Line 2', { exact: true }).fill('07700 900302');
    await page.getByRole('button', { name: 'Send 1 corrected row' }).click();
    await page.locator('[data-status=completed]').waitFor();

    await page.goto(`${rowferry.api}/employees?searchTerm=dee`);
    await page.getByRole('link', { name: /Dee Dead/ }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByText('line 10').waitFor();
    await check('person');
    expect(page.url()).not.toMatch(/operate\.example|%40/);
    await drawer.getByRole('link', { name: 'many.csv' }).click();
    await page.getByRole('heading', { name: 'many.csv' }).waitFor();

    await operate(page, rowferry, check);

    expect(Object.keys(found)).toHaveLength(14);
    expect(Object.fromEntries(Object.entries(found).filter(([, rules]) => rules.length > 0))).toEqual({});
    expect(faults.hosts).toEqual(new Set([new URL(rowferry.api).origin]));
    expect(faults.errors).toEqual([]);
  },
);

/** To the last of the rows and back, only some of which are in the page. */
async function correctByKeys(page: Page): Promise<void> {
  const cell = (line: number) => page.getByLabel(`Mobile number, Line ${line}`, { exact: true });
  await cell(2).waitFor();
  expect(await cell(2).getAttribute('aria-description')).toMatch(/digits|short/);
  expect(await page.locator('[role=row]').count()).toBeLessThan(60);

  await cell(2).focus();
  for (let line = 2; line < 50; line++) await page.keyboard.press('ArrowDown');
  // Line 10 is not among them: it is dead.
  await expect.poll(() => cell(51).evaluate((input) => input.matches(':focus'))).toBe(true);
  await page.keyboard.type('07700 900399');
  await page.getByRole('button', { name: 'Send 1 corrected row' }).waitFor();
  await page.keyboard.press('Enter');
  expect(await cell(52).inputValue()).toBe('12');

  await page.locator('section[aria-label="Rows to correct"]').focus();
  await page.keyboard.press('End');
  await cell(251).waitFor();
  await page.keyboard.press('Home');
  await cell(2).waitFor();
  await page.getByRole('button', { name: 'Forget the corrections' }).click();
}

async function operate(page: Page, { api }: Rowferry, check: (view: string) => Promise<void>): Promise<void> {
  await page.getByRole('link', { name: 'Operate' }).click();
  for (const service of ['postgres', 's3', 'sqs'])
    await page.locator(`[data-service=${service}]`).getByText('Ready').waitFor();
  await page.locator('[data-queue=rows]').getByText('Rows', { exact: true }).waitFor();
  await page.getByText('version 99').waitFor();
  await page.getByRole('img', { name: /^5\d\d rows in the last hour$/ }).waitFor();
  await check('operate');

  await page.getByLabel('Whose key it is').fill('the operator');
  await page.getByRole('button', { name: 'Create a key' }).click();
  const secret = await page.locator('[data-secret]').innerText();
  expect(secret).toMatch(/^rf_[0-9a-f]{16}_[\w-]{43}$/);
  await check('new key');
  await page.getByRole('button', { name: 'Done' }).click();
  expect((await fetch(`${api}/v1/uploads`)).status).toBe(401);

  await page.getByLabel('Whose key it is').fill('payroll');
  await page.getByRole('button', { name: 'Create a key' }).click();
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'Revoke the key of payroll' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
  await page.getByRole('row', { name: /payroll.*Revoked/ }).waitFor();
  await page.getByRole('row', { name: /the operator.*Read, Send files, Operate.*Valid/ }).waitFor();
  expect(await page.content()).not.toContain(secret);
}
