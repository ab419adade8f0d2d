/**
 * How long until the console can be used? Loads its first page with an empty cache in Chromium, on the network that Chromium's
 * developer tools call "Fast 4G", and prints the time until "Choose a file" can be pressed, and what was loaded:
 * `npm run bench:console`. Only the API's files are served; it has no data to wait for.
 *
 * --runs N  loads; the median counts
 */
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { consolePage } from '../apps/api/src/console/console-page.ts';
import { publicPrefix } from '../apps/api/src/http/public-prefix.ts';
import { launchBrowser } from '../apps/api/test/launch-browser.ts';
import { reportGoals } from './goals.ts';
import { median, saveResults, say, sayTable, whole } from './results.ts';
import { readScriptOptions } from './script-options.ts';

const KIB = 1024;

/** "Fast 4G" of Chromium's developer tools: 9 Mbit/s down and 1.5 up, times 0.9; 60 ms, times 2.75 (front_end/core/sdk/NetworkManager.ts). */
const FAST_4G = {
  offline: false,
  downloadThroughput: (9 * 1000 * 1000 * 0.9) / 8,
  uploadThroughput: (1.5 * 1000 * 1000 * 0.9) / 8,
  latency: 60 * 2.75,
};

const { runs } = readScriptOptions('bench:console', import.meta.url, { runs: { type: 'string', default: '9' } });

const app = express();
app.use(
  publicPrefix(undefined),
  consolePage(['/v1/uploads'], { signIn: undefined, bucketOriginFor: async () => undefined }),
);
app.get('/v1/sign-in', (_request, response) => void response.json({ signIn: null }));
app.use((_request, response) => void response.json({ data: [], pagination: { page: 1, limit: 1, total: 0 } }));
const server = app.listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

const directories: string[] = [];
const browser = await launchBrowser((directory) => directories.push(directory));
try {
  const page = await browser.newPage();
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  const loads = [];
  for (let n = 0; n < Number(runs); n++) {
    await session.send('Network.emulateNetworkConditions', { ...FAST_4G, offline: true });
    await page.goto('about:blank');
    await session.send('Network.emulateNetworkConditions', FAST_4G);
    let bytes = 0;
    const count = ({ encodedDataLength }: { encodedDataLength: number }) => {
      bytes += encodedDataLength;
    };
    session.on('Network.loadingFinished', count);
    const start = performance.now();
    await page.goto(url, { waitUntil: 'commit' });
    // Visible, still, enabled, and at the place where it is pressed.
    await page.getByRole('button', { name: 'Choose a file' }).click({ trial: true });
    loads.push({ ms: performance.now() - start, bytes });
    session.off('Network.loadingFinished', count);
  }
  const times = loads.map(({ ms }) => ms);
  const usable = median(times);
  say(`The console's first page on "Fast 4G", nothing cached, median of ${runs}\n`);
  sayTable([
    ['', 'ms', 'least', 'most', 'KiB'],
    [
      'can be used after',
      whole(usable),
      whole(Math.min(...times)),
      whole(Math.max(...times)),
      whole(median(loads.map(({ bytes }) => bytes)) / KIB),
    ],
  ]);
  const ratios = reportGoals({ consoleUsable: usable }, `${runs} runs`);
  saveResults('console', { runs: Number(runs), ratios, loads });
} finally {
  await browser.close();
  server.close();
  server.closeAllConnections();
  for (const directory of directories) await rm(directory, { recursive: true });
}
