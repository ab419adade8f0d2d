/** knex takes this one first: for a knexfile.ts it would look for six loaders of TypeScript, and complain about each. */
export { default } from './knexfile.ts';
