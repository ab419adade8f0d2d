import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as driver } from 'playwright-core';

/** The package switches off what protects pages from each other, for AWS Lambda's sake; here that is what is tested. */
const UNWANTED = /^--(disable-web-security|allow-running-insecure-content|disable-site-isolation-trials)/;

/** @param onDirectory is told of a directory that is of no more use once the browser is closed. */
export function launchBrowser(onDirectory: (directory: string) => void): Promise<Browser> {
  return launch().catch(() => launchWithLibraries(onDirectory));
}

async function launch(env?: Record<string, string>): Promise<Browser> {
  const executablePath = await chromium.executablePath();
  const args = chromium.args.filter((arg) => !UNWANTED.test(arg));
  return driver.launch({ executablePath, args, headless: true, ...(env === undefined ? {} : { env }) });
}

/** A machine without a desktop may lack libraries that Chromium needs: the package has those of Amazon Linux. */
async function launchWithLibraries(onDirectory: (directory: string) => void): Promise<Browser> {
  const files = join(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '..', '..', 'bin');
  const directory = await mkdtemp(join(tmpdir(), 'chromium-libraries-'));
  onDirectory(directory);
  const archive = await promisify(brotliDecompress)(await readFile(join(files, 'al2023.tar.br')));
  execFileSync('tar', ['-x', '-C', directory], { input: archive });
  return launch({ LD_LIBRARY_PATH: join(directory, 'lib') });
}
