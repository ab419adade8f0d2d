import { median, say, sayTable } from './results.ts';
import { type Part, startSystem } from './system.ts';

/** One `npm start`, until the API has answered a list of employees. */
export type Start = { seconds: number; cpuSeconds: Record<Part, number> };

/**
 * Starts everything on one machine, several times with the same data. The first start makes the databases, and is
 * what a newcomer waits for; the others are what everybody else waits for.
 */
export async function measureStarts(dataDir: string, starts: number): Promise<Start[]> {
  const measured: Start[] = [];
  for (let number = 0; number < starts; number++) measured.push(await startOnce(dataDir));
  return measured;
}

async function startOnce(dataDir: string): Promise<Start> {
  const begun = performance.now();
  const system = await startSystem(dataDir);
  try {
    const response = await fetch(`${system.apiUrl}/v1/employees`);
    if (!response.ok) throw new Error(`the first request is answered ${response.status}`);
    await response.arrayBuffer();
    const seconds = (performance.now() - begun) / 1000;
    const { api, worker, emulator, postgres } = system.usages();
    return {
      seconds,
      cpuSeconds: {
        api: api.cpuSeconds,
        worker: worker.cpuSeconds,
        emulator: emulator.cpuSeconds,
        postgres: postgres.cpuSeconds,
      },
    };
  } finally {
    await system.stop();
  }
}

export function sayStarts([first, ...later]: readonly Start[]): void {
  const row = (label: string, starts: readonly Start[]) => [
    label,
    median(starts.map(({ seconds }) => seconds)).toFixed(2),
    ...(['api', 'worker', 'emulator', 'postgres'] as const).map((part) =>
      median(starts.map(({ cpuSeconds }) => cpuSeconds[part])).toFixed(2),
    ),
  ];
  say('');
  sayTable([
    ['', 's', 'CPU s: API', 'worker', 'emulator', 'Postgres'],
    ...(first === undefined ? [] : [row('npm start to the first answer, first time', [first])]),
    ...(later.length === 0 ? [] : [row('npm start to the first answer, later', later)]),
  ]);
}
