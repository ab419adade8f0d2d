import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { services, setup } from '@rowferry/testing';
import { expect, onTestFinished, test } from 'vitest';
import { TokenVerifier } from '../apps/api/src/access/token-verifier.ts';
import { createApp } from '../apps/api/src/app.ts';
import { apiSettings, openAccess } from '../apps/api/test/api-settings.ts';
import { HAS_BROWSER } from '../apps/api/test/browser.ts';
import { accessibilityFaults, choose, openWatchedPage, type Page } from './support/console-page.ts';
import { AUDIENCE, CLIENT_ID, PERSON, type SignInIssuer, startSignInIssuer } from './support/sign-in-issuer.ts';

const SECOND = 1000;
const PREFIX = '/hr/rowferry';
const CSV = 'name,company,phone,email\nMira Stone,Oakline,07700 900301,mira@sign-in.example\n';

/** An API behind a path, whose people sign in at an issuer of the test's own. */
async function setupSignIn(): Promise<{ console: string; issuer: SignInIssuer }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}${PREFIX}`;
  const issuer = await startSignInIssuer(publicUrl);
  const fixtures = await setup();
  const app = createApp(
    apiSettings(fixtures, {
      publicUrl,
      access: { ...openAccess(fixtures), tokens: new TokenVerifier({ issuer: issuer.url, audience: AUDIENCE }) },
      signIn: { issuer: issuer.url, clientId: CLIENT_ID, scope: 'openid profile read upload', parameters: {} },
    }),
  );
  // As a proxy does: what the API sees begins after the prefix.
  server.on('request', (request, response) => {
    request.url = request.url?.slice(PREFIX.length);
    app(request, response);
  });
  return { console: publicUrl, issuer };
}

/** Presses "Sign in" and answers the issuer in the window that opens. */
async function signIn(page: Page, answer: RegExp): Promise<Page> {
  const [window] = await Promise.all([
    page.context().waitForEvent('page'),
    page.getByRole('dialog').getByRole('button', { name: 'Sign in' }).click(),
  ]);
  await window.getByRole('link', { name: answer }).click();
  return window;
}

const tokensOf = (page: Page) => page.evaluate(() => JSON.parse(sessionStorage.getItem('rowferry-tokens') ?? 'null'));

test.runIf(HAS_BROWSER)(
  'a person signs in beside the page, which stays as it is, stays signed in as tokens end, and signs out',
  { timeout: 120 * SECOND },
  async () => {
    const { console, issuer } = await setupSignIn();
    const { page, faults } = await openWatchedPage();
    // Shorter than what is left when the page renews one: it is renewed with each request.
    issuer.lifetime = 20;

    await choose(page, `${console}/`, CSV);
    await page.getByRole('dialog').getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    const window = await signIn(page, /I am/);

    await page.getByText('Every row can be imported.').waitFor();
    await expect.poll(() => window.isClosed()).toBe(true);
    expect(issuer.grants[0]).toBe('authorization_code');
    expect(await tokensOf(page)).toMatchObject({ name: PERSON });
    expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain('eyJ');
    // Cookies are those of a host, whatever the port: the issuer's are among them.
    expect(JSON.stringify(await page.context().cookies())).not.toContain('eyJ');
    expect(page.url()).toBe(`${console}/`);

    await page.getByRole('link', { name: 'People' }).click();
    await page.getByText('Nobody is here yet').waitFor();
    expect(issuer.grants).toContain('refresh_token');

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Yes' }).click();
    await page.waitForURL(`${console}/`);
    expect(await tokensOf(page)).toBe(null);
    await page.goto(`${console}/employees`);
    await page.getByRole('dialog').getByRole('button', { name: 'Sign in' }).waitFor();

    expect(faults.hosts).toEqual(new Set([new URL(console).origin, issuer.url]));
    expect(faults.errors.filter((text) => !text.includes('401'))).toEqual([]);
  },
);

test.runIf(HAS_BROWSER)(
  'a sign-in that is declined, not waited for, for another API or without an issuer is told in a sentence, and the file stays chosen',
  { timeout: 120 * SECOND },
  async () => {
    const { console, issuer } = await setupSignIn();
    const { page } = await openWatchedPage();
    await choose(page, `${console}/`, CSV);
    const dialog = page.getByRole('dialog');

    await signIn(page, /No/);
    await dialog.getByText('The sign-in was declined').waitFor();

    issuer.audience = 'another-api';
    await signIn(page, /I am/);
    await dialog.getByText('The token is not valid: unexpected "aud" claim value.').waitFor();
    expect(await tokensOf(page)).toBe(null);

    issuer.audience = AUDIENCE;
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Every row can be imported.').waitFor();

    // As after an hour's lunch: the token has ended, and cannot be renewed.
    await page.evaluate(() => sessionStorage.setItem('rowferry-key', 'rf_ended'));
    await page.getByLabel('Company', { exact: true }).selectOption({ label: 'company' });
    await page.getByRole('button', { name: 'Check again' }).click();
    await dialog.getByText('The token is not valid').waitFor();
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText('Every row can be imported.').waitFor();

    await page.goto(`${console}/signed-in?code=one&state=of-nobody`);
    await page.getByText('No page waits for this sign-in').waitFor({ timeout: 20 * SECOND });
    expect(page.url()).toBe(`${console}/signed-in`);

    await issuer.stop();
    await page.evaluate(() => sessionStorage.clear());
    await page.goto(`${console}/employees`);
    await page.getByRole('dialog').getByText(`The sign-in server ${issuer.url} does not answer`).waitFor();
  },
);

test('the page may ask its own host, the issuer and the bucket, and where people sign in is told to everybody', async () => {
  const { console, issuer } = await setupSignIn();

  const page = await fetch(`${console}/`, { headers: { Accept: 'text/html' } });
  const told = await fetch(`${console}/v1/sign-in`);

  const [, connect] = /connect-src ([^;]*);/.exec(page.headers.get('content-security-policy') ?? '') ?? [];
  // The bucket is where large files go.
  expect(connect?.split(' ')).toEqual(["'self'", issuer.url, new URL(services().endpoint).origin]);
  expect(await told.json()).toEqual({
    signIn: { issuer: issuer.url, clientId: CLIENT_ID, scope: 'openid profile read upload', parameters: {} },
  });
});
