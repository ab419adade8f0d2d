import { COLUMNS } from './columns.ts';

export type Column = (typeof COLUMNS)[number];

/** What a person states about how a file is to be read. */
export type ImportSettings = {
  columns?: Partial<Record<Column, string | number>>;
  constants?: Partial<Record<Column, string>>;
  encoding?: string;
};

export { COLUMNS };
