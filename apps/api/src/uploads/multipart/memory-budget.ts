import { Semaphore } from '../../http/semaphore.ts';
import { busy } from '../../problems/api-problem.ts';

/** Memory is charged in steps: more steps would be more work, fewer would charge a silent client for what it never sends. */
const STEP_BYTES = 256 * 1024;

/**
 * Memory for the files that are being received. A file is charged for what it has brought, not for what it announces, so
 * that clients that say much and send nothing keep nobody out; and one caller gets half of it at most.
 */
export class MemoryBudget {
  readonly #memory: Semaphore;
  readonly #fileMax: number;
  readonly #share: number;
  readonly #held = new Map<string, number>();

  /** @param fileMax what one file holds at most. */
  constructor(bytes: number, fileMax: number) {
    this.#memory = new Semaphore(bytes, 'The files that are being received take all the memory for uploads.');
    this.#fileMax = fileMax;
    // Of a small budget a share would be too small for any file.
    this.#share = Math.max(bytes / 2, fileMax);
  }

  /**
   * Receives a file of so many bytes.
   *
   * @param work calls `charge` with the bytes that have come so far; that throws `busy` when there is no memory for them.
   * @throws ApiProblem `busy`, before anything is received, when there is no memory for the file.
   */
  async run<T>(
    caller: string,
    announced: number,
    work: (charge: (received: number) => void) => Promise<T>,
  ): Promise<T> {
    const most = Math.min(announced, this.#fileMax);
    let charged = 0;
    const charge = (received: number) => {
      const owed = Math.min(Math.ceil(received / STEP_BYTES) * STEP_BYTES, most);
      if (owed <= charged) return;
      this.#take(caller, owed - charged);
      charged = owed;
    };
    this.#take(caller, most);
    this.#give(caller, most);
    try {
      return await work(charge);
    } finally {
      this.#give(caller, charged);
    }
  }

  #take(caller: string, bytes: number): void {
    const held = (this.#held.get(caller) ?? 0) + bytes;
    if (held > this.#share) throw busy('The files that you are sending take your share of the memory for uploads.');
    this.#memory.take(bytes);
    this.#held.set(caller, held);
  }

  #give(caller: string, bytes: number): void {
    this.#memory.give(bytes);
    const held = (this.#held.get(caller) ?? 0) - bytes;
    if (held > 0) this.#held.set(caller, held);
    else this.#held.delete(caller);
  }
}
