import { expect, test } from 'vitest';
import { HAS_BROWSER, openPage } from '../../../test/browser.ts';
import { serveApi } from '../../../test/serve-api.ts';

const SECOND = 1000;

test.runIf(HAS_BROWSER)(
  'in a browser, the page shows the API, lets a reader try it, and asks no other host for anything',
  { timeout: 90 * SECOND },
  async () => {
    const { url } = await serveApi();
    const page = await openPage();
    const requested: string[] = [];
    const errors: string[] = [];
    page.on('request', (request) => requested.push(request.url()));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(error.message));

    await page.goto(`${url}/docs`);
    await page.getByText('Send a CSV file of employees').waitFor();
    const health = page.locator('#operations-Operating-showHealth');
    await health.locator('button').first().click();
    await health.getByRole('button', { name: 'Try it out' }).click();
    await health.getByRole('button', { name: 'Execute' }).click();
    await health.getByText('"status": "alive"').first().waitFor();

    const hosts = new Set(
      requested.filter((asked) => !asked.startsWith('data:')).map((asked) => new URL(asked).origin),
    );
    expect(hosts).toEqual(new Set([url]));
    expect(requested).toContain(`${url}/openapi.json`);
    expect(requested).toContain(`${url}/healthz`);
    expect(errors).toEqual([]);

    const isDark = async () => (await page.locator('html').getAttribute('class'))?.includes('dark-mode') ?? false;
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(isDark).toBe(true);
    await page.getByRole('button', { name: 'Use light colours' }).click();
    expect(await isDark()).toBe(false);
    // The console keeps the choice in the same place.
    await page.getByRole('link', { name: 'People' }).click();
    await page.getByRole('button', { name: 'Use dark colours' }).waitFor();
  },
);

test('scripts and styles are compressed for who takes that, and stay the same', async () => {
  const { url } = await serveApi();
  const lengthOf = async (encoding: string) => {
    const response = await fetch(`${url}/docs/swagger-ui-bundle.js`, { headers: { 'Accept-Encoding': encoding } });
    return { encoding: response.headers.get('content-encoding'), bytes: (await response.bytes()).byteLength };
  };

  const plain = await lengthOf('identity');
  const compressed = await lengthOf('gzip');

  expect(plain.encoding).toBe(null);
  expect(compressed).toEqual({ encoding: 'gzip', bytes: plain.bytes });
});

test('the page may load nothing from another host, run no inline script and be shown in no frame', async () => {
  const { url } = await serveApi();

  const response = await fetch(`${url}/docs`);

  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("connect-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/https?:|\*/);
  expect(await response.text()).not.toMatch(/(src|href)="(https?:)?\/\//);
});
