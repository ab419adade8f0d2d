import { fileURLToPath } from 'node:url';
import { type Container, startContainer } from './lambda-container.ts';

const DIRECTORY = fileURLToPath(new URL('../previous-version', import.meta.url));

/** The consumer of the version before, as it was released (`npm run keep:consumer`). */
export function startPreviousConsumer(env: NodeJS.ProcessEnv): Promise<Container> {
  return startContainer(DIRECTORY, env, 'consumer.mjs');
}
