import { join } from 'node:path';
import { expect, test } from 'vitest';
import { HAS_BROWSER } from '../apps/api/test/browser.ts';
import { openWatchedPage, type Page } from './support/console-page.ts';
import { newDataDir, npmStart } from './support/npm-start.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const EXAMPLE = join(import.meta.dirname, '../examples/to-be-corrected.csv');
/** More than any page has to press or to fill in. */
const STOPS_MAX = 100;

type Target = ReturnType<Page['locator']>;

/** Presses Tab until the focus is there, as somebody does who has no mouse. */
async function tabTo(page: Page, target: Target): Promise<void> {
  await target.waitFor();
  for (let stops = 0; stops < STOPS_MAX; stops++) {
    if ((await target.and(page.locator(':focus')).count()) === 1) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${target}`);
}

test.runIf(HAS_BROWSER)(
  'with the keyboard alone a person sends a file, says where a column comes from, corrects a row and finds the person',
  { timeout: 3 * MINUTE },
  async () => {
    const rowferry = await npmStart({ DATA_DIR: await newDataDir(), PORT: '0' });
    const { page } = await openWatchedPage();
    const button = (name: string | RegExp) => page.getByRole('button', { name });
    const press = async (target: Target, key = 'Enter') => {
      await tabTo(page, target);
      await page.keyboard.press(key);
    };

    await page.goto(`${rowferry.api}/uploads`);
    await press(page.getByRole('link', { name: 'Skip to the content' }));
    await page.keyboard.press('Tab');
    expect(await page.locator('main :focus').count()).toBe(1);
    await press(page.getByRole('banner').getByRole('link', { name: 'Send' }));

    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), press(button('Choose a file'))]);
    await chooser.setFiles(EXAMPLE);
    // The last of the list: one value for all rows.
    await press(page.getByLabel('Company', { exact: true }), 'End');
    await tabTo(page, page.getByLabel('Company of all rows'));
    await page.keyboard.type('Finer Ltd');
    await press(button('Check again'));
    await press(button('Import the other rows'));

    await page.locator('[data-status=completed_with_errors]').waitFor();
    await tabTo(page, page.getByLabel('Mobile number, Line 4'));
    await page.keyboard.press('Control+a');
    await page.keyboard.type('+44 20 7946 0303');
    await press(button('Send 1 corrected row'));
    await page.locator('[data-status=completed]').waitFor();

    await press(page.getByRole('banner').getByRole('link', { name: 'People' }));
    await tabTo(page, page.getByLabel('Search by name or address'));
    await page.keyboard.type('short');
    await page.getByText('1 person').waitFor();
    expect(await page.locator('main').innerText()).toContain('Too Short');
  },
);
