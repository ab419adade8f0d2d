import type { Texts } from '../texts/en.ts';

export type ExampleName = keyof Texts['welcome']['example'];

/** Files of the project's own, each to show something; loaded when somebody wants one. */
const EXAMPLES: Record<ExampleName, () => Promise<{ default: string }>> = {
  'employees.csv': () => import('../../../../examples/employees.csv?raw'),
  'to-be-corrected.csv': () => import('../../../../examples/to-be-corrected.csv?raw'),
  'excel-europe.csv': () => import('../../../../examples/excel-europe.csv?raw'),
  'no-company.csv': () => import('../../../../examples/no-company.csv?raw'),
};

export const EXAMPLE_NAMES = Object.keys(EXAMPLES).filter((name): name is ExampleName => name in EXAMPLES);

export async function exampleFile(name: ExampleName): Promise<File> {
  const { default: content } = await EXAMPLES[name]();
  return new File([content], name, { type: 'text/csv' });
}
