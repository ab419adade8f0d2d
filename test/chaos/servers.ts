import { setTimeout as delay } from 'node:timers/promises';
import { type Emulator, type PostgresServer, startEmulator, startPostgres } from '@rowferry/embedded';
import { EMULATOR_CREDENTIALS } from '@rowferry/testing';

const POLL_MS = 20;

/** Postgres that can be stopped as hard as its own tools can, and comes back under the same address. */
export class PostgresUnderTest {
  readonly #dataDir: string;
  #server: PostgresServer;

  private constructor(dataDir: string, server: PostgresServer) {
    this.#dataDir = dataDir;
    this.#server = server;
    // It is no child of this process and would live on.
    process.once('exit', () => {
      if (isAlive(this.#server.pid)) process.kill(this.#server.pid, 'SIGQUIT');
    });
  }

  static async start(dataDir: string): Promise<PostgresUnderTest> {
    return new PostgresUnderTest(dataDir, await startPostgres({ dataDir, port: 0, database: 'rowferry' }));
  }

  /** Past all proxies. */
  get url(): string {
    return this.#server.url;
  }

  /** The "immediate" stop (SIGQUIT to the postmaster): nothing is written any more, the next start recovers from the log. */
  async stopImmediately(): Promise<void> {
    process.kill(this.#server.pid, 'SIGQUIT');
    while (isAlive(this.#server.pid)) await delay(POLL_MS);
  }

  async startAgain(): Promise<void> {
    this.#server = await startPostgres({ dataDir: this.#dataDir, port: this.#server.port, database: 'rowferry' });
  }

  async stop(): Promise<void> {
    await this.#server.stop();
  }
}

/** S3 and SQS that can be killed and come back with what they had, under the same address. */
export class EmulatorUnderTest {
  readonly #dataDir: string;
  #emulator: Emulator;

  private constructor(dataDir: string, emulator: Emulator) {
    this.#dataDir = dataDir;
    this.#emulator = emulator;
  }

  static async start(dataDir: string): Promise<EmulatorUnderTest> {
    return new EmulatorUnderTest(dataDir, await startEmulator({ dataDir, port: 0, credentials: EMULATOR_CREDENTIALS }));
  }

  /** Past all proxies. */
  get endpoint(): string {
    return this.#emulator.endpoint;
  }

  get port(): number {
    return this.#emulator.port;
  }

  async kill(): Promise<void> {
    process.kill(this.#emulator.pid, 'SIGKILL');
    await this.#emulator.exited;
  }

  async startAgain(): Promise<void> {
    this.#emulator = await startEmulator({
      dataDir: this.#dataDir,
      port: this.#emulator.port,
      credentials: EMULATOR_CREDENTIALS,
    });
  }

  async stop(): Promise<void> {
    await this.#emulator.stop();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
