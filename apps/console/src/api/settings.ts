import { COLUMNS } from './columns.ts';
import type { components } from './schema.d.ts';

export type Column = (typeof COLUMNS)[number];

/** What a person states about how a file is to be read. */
export type ImportSettings = components['schemas']['ImportSettings'];

export { COLUMNS };
