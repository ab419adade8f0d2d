import { rm } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { launchBrowser } from './launch-browser.ts';

/** The npm package has a Chromium for Linux on x64 alone. */
export const HAS_BROWSER = process.platform === 'linux' && process.arch === 'x64';

/** A page of a real browser, closed at the end of the test. */
export async function openPage(): Promise<Page> {
  const browser = await launchBrowser((directory) => onTestFinished(() => rm(directory, { recursive: true })));
  onTestFinished(() => browser.close());
  return browser.newPage();
}
