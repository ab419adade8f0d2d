import { randomUUID } from 'node:crypto';
import { claimDeliveries, planDeliveries, recordAttempt } from '@rowferry/database';
import { expect, test } from 'vitest';
import { HAS_BROWSER } from '../apps/api/test/browser.ts';
import { serveApi } from '../apps/api/test/serve-api.ts';
import { accessibilityFaults, openWatchedPage } from './support/console-page.ts';

const URL = 'https://hooks.example.com/rowferry';

test.runIf(HAS_BROWSER)(
  'a person adds a webhook, sees its secret once and its deliveries, delivers one again, replaces the secret and deletes it',
  async () => {
    const { url, database } = await serveApi();
    const { page, faults } = await openWatchedPage();
    const secret = page.locator('[data-secret]');
    await page.goto(`${url}/webhooks`);

    await page.getByLabel('URL').fill('https://127.0.0.1/x');
    await page.getByRole('button', { name: 'Add a webhook' }).click();
    await page.getByRole('alert').getByText('public internet').first().waitFor();
    await page.getByLabel('URL').fill(URL);
    await page.getByLabel('Whose it is').fill('payroll');
    await page.getByLabel('Rows not written').check();
    await page.getByRole('button', { name: 'Add a webhook' }).click();
    await secret.waitFor();
    const first = await secret.textContent();
    expect(first).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'I have it' }).click();
    await page.reload();
    const card = page.getByRole('article', { name: URL });
    await card.getByText('Nothing was delivered yet').waitFor();
    expect(await page.content()).not.toContain('whsec_');
    expect(await card.getByText('Rows not written').count()).toBe(1);

    const now = new Date();
    const event = { id: randomUUID(), type: 'rows.dead', body: '{}' };
    await planDeliveries(database, event, { now, expiresAt: now });
    const [claimed] = await claimDeliveries(database, { now, until: now, perHost: 1, total: 1 });
    const deliveryId = claimed?.id ?? '';
    const attempt = { deliveryId, attempt: 1, at: now, durationMs: 7, httpStatus: 503, error: 'bad_status' };
    await recordAttempt(database, attempt, () => ({ kind: 'failed', disable: undefined }), now);
    await card.getByRole('button', { name: 'Deliveries' }).click();
    await card.locator('[data-delivery=failed]').waitFor();
    const row = card.getByRole('row', { name: event.id });
    expect(await row.innerText()).toContain('The answer is not 2xx (503)');
    expect(await accessibilityFaults(page)).toEqual([]);
    await row.getByRole('button', { name: 'Deliver again' }).click();
    await card.locator('[data-delivery=pending]').waitFor();

    await card.getByRole('button', { name: 'Replace the secret' }).click();
    await card.getByRole('button', { name: 'Make a new secret now' }).click();
    await page.getByText('The previous secret signs as well until').waitFor();
    expect(await secret.textContent()).not.toBe(first);
    await card.getByRole('button', { name: 'Delete' }).click();
    await card.getByRole('button', { name: 'Delete it with its deliveries' }).click();
    await page.getByText('There is no webhook yet.').waitFor();

    expect(faults.hosts).toEqual(new Set([url]));
    // The browser's own line about the address that was refused.
    expect(faults.errors).toEqual([expect.stringContaining('400')]);
  },
);
