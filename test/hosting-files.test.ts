import { readFileSync } from 'node:fs';
import { readEnvironment, type VariableName } from '@rowferry/runtime';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const read = (name: string) => readFileSync(`infra/hosting/${name}`, 'utf8');

const service = z.object({
  command: z.array(z.string()),
  read_only: z.boolean(),
  tmpfs: z.string(),
  cap_drop: z.array(z.string()),
  stop_grace_period: z.string(),
  build: z.string(),
  env_file: z.string(),
  ports: z.array(z.string()).default([]),
  entrypoint: z.array(z.string()).optional(),
  healthcheck: z.object({ disable: z.boolean() }).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
});
const { services } = z
  .object({ services: z.record(z.string(), service) })
  .parse(parse(read('compose.yaml'), { merge: true }));

/** Seconds after which `rowferry api` and `rowferry worker` end by themselves. */
const STOP_SECONDS = [
  ...['apps/api/src/run-api.ts', 'apps/worker/src/run-worker.ts'].map((file) =>
    Number(/STOP_TIMEOUT_MS = (\d+)_000/.exec(readFileSync(file, 'utf8'))?.[1]),
  ),
];

test('each container runs one command of the image, and can change nothing but /tmp', () => {
  expect(Object.entries(services).map(([name, { command }]) => [name, command])).toEqual([
    ['migrate', ['migrate']],
    ['api', ['api']],
    ['worker', ['worker']],
  ]);
  for (const one of Object.values(services)) {
    expect(one).toMatchObject({ read_only: true, tmpfs: '/tmp', cap_drop: ['ALL'], build: '../../dist/lambda/image' });
    expect(Number(one.stop_grace_period.replace('s', ''))).toBeGreaterThan(Math.max(...STOP_SECONDS));
  }
  // The image's check asks the API, which the others are not.
  expect(
    Object.entries(services)
      .filter(([, { healthcheck }]) => !healthcheck?.disable)
      .map(([name]) => name),
  ).toEqual(['api']);
  for (const name of ['api', 'worker'])
    expect(services[name]?.depends_on).toEqual({ migrate: { condition: 'service_completed_successfully' } });
  expect(services.api?.ports).toEqual(['127.0.0.1:3000:3000']);
});

test('a worker has the flags that the command gives it', () => {
  const script = readFileSync('apps/cli/bin/rowferry', 'utf8');
  const [, flags = ''] = /worker\)[\s\S]*?set -- (.*?) "\$root/.exec(script) ?? [];
  expect(services.worker?.entrypoint).toEqual(['node', ...flags.split(' '), 'index.mjs']);
  const [, ofApi = ''] = /start \| api\)[\s\S]*?set -- (.*?) "\$root/.exec(script) ?? [];
  const dockerfile = readFileSync('infra/image/Dockerfile', 'utf8');
  expect(dockerfile).toContain(
    `ENTRYPOINT ${JSON.stringify(['node', ...ofApi.split(' '), 'index.mjs']).replaceAll(',', ', ')}\n`,
  );
});

test('the image is built without running anything, and its user is not root', () => {
  const instructions = readFileSync('infra/image/Dockerfile', 'utf8').match(/^[A-Z]+/gm);
  expect(instructions).not.toContain('RUN');
  expect(readFileSync('infra/image/Dockerfile', 'utf8')).toMatch(/^USER node$/m);
});

test('the example of settings has what API and worker need, in a form that they take', () => {
  const given = Object.fromEntries(
    read('rowferry.env.example')
      .split('\n')
      .filter((line) => /^[A-Z_]+=/.test(line))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  const ofSdk = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
  const names = Object.keys(given).filter((name) => !ofSdk.includes(name)) as VariableName[];
  const settings = readEnvironment(names, [], given);
  expect(settings).toMatchObject({ TRUSTED_PROXIES: 1, AWS_REGION: 'eu-central-1' });
  for (const name of [
    'DATABASE_URL',
    'UPLOAD_BUCKET',
    'ROW_QUEUE_URL',
    'ROW_DLQ_URL',
    'SEGMENT_QUEUE_URL',
    'SEGMENT_DLQ_URL',
  ])
    expect(names).toContain(name);
});

test('the unit runs the same image as closed, and gives it time to stop', () => {
  const unit = read('rowferry@.service');
  const [, start = ''] = /^ExecStart=(.*)$/m.exec(unit) ?? [];
  for (const option of ['--read-only', '--tmpfs /tmp', '--cap-drop ALL', '--env-file /etc/rowferry.env'])
    expect(start).toContain(option);
  expect(start).toMatch(/ rowferry %i$/);
  const [, container] = /--stop-timeout (\d+)/.exec(start) ?? [];
  const [, supervisor] = /^TimeoutStopSec=(\d+)$/m.exec(unit) ?? [];
  expect(Number(container)).toBeGreaterThan(Math.max(...STOP_SECONDS));
  expect(Number(supervisor)).toBeGreaterThan(Number(container));
});
