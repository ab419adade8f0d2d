import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const SECOND = 1000;

export default defineConfig({
  test: {
    include: ['{packages,apps}/*/src/**/*.test.ts', 'test/**/*.test.ts', 'infra/test/**/*.test.ts'],
    globalSetup: './packages/testing/src/global-setup.ts',
    setupFiles: ['./packages/testing/src/equal-bytes.ts', './packages/testing/src/keep-compiled.ts'],
    // Node runs the TypeScript itself, as it does in production: what is tested is what runs.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    // Keys for the emulator; a profile of the person who runs the tests must not lead them to AWS.
    env: {
      AWS_ACCESS_KEY_ID: 'rowferry',
      AWS_SECRET_ACCESS_KEY: 'rowferry',
      AWS_PROFILE: '',
    },
    // One more than there are cores: much of the time tests wait for Postgres, S3 and SQS and processes.
    maxWorkers: availableParallelism() + 1,
    // Real servers on a busy machine with two cores, and twice the work where coverage is measured: a bound against hanging,
    // not a measure of speed.
    testTimeout: 120 * SECOND,
    hookTimeout: 120 * SECOND,
    expect: { poll: { timeout: 10 * SECOND } },
    coverage: {
      provider: 'v8',
      include: ['{packages,apps}/*/src/**/*.ts'],
      exclude: ['packages/testing/**'],
      reporter: ['text-summary', 'html'],
      // What runs in processes of their own is not seen: the rest of main files, and of the embedded servers.
      thresholds: { statements: 62, branches: 58, functions: 64, lines: 62 },
    },
  },
});
