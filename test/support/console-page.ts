import axe from 'axe-core';
import { openPage } from '../../apps/api/test/browser.ts';

export type Page = Awaited<ReturnType<typeof openPage>>;
export type Faults = { hosts: Set<string>; errors: string[] };

/** A page of a browser, and what it must not do. */
export async function openWatchedPage(): Promise<{ page: Page; faults: Faults }> {
  const page = await openPage();
  const faults: Faults = { hosts: new Set(), errors: [] };
  page.on('request', (request) => faults.hosts.add(new URL(request.url()).origin));
  page.on('console', (message) => message.type() === 'error' && faults.errors.push(message.text()));
  page.on('pageerror', (error) => faults.errors.push(error.message));
  return { page, faults };
}

/** Ids of rules that the page breaks, with the elements (https://github.com/dequelabs/axe-core). */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  // By the debugger: the page's policy lets no script in.
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    type Axe = { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    const { axe } = globalThis as unknown as { axe: Axe };
    const { violations } = await axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`);
  });
}

/** Chooses a CSV file with this content on the page for sending. */
export async function choose(page: Page, url: string, content: string, name = 'staff.csv'): Promise<void> {
  await page.goto(url);
  await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) });
}
