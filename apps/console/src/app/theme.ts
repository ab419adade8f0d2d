import { type CSSVariablesResolver, createTheme } from '@mantine/core';
import type { Outcome } from '../api/types.ts';

/** Every size of text, from notes to the title of a page, in rem. */
const TYPE = { xs: '0.75rem', sm: '0.875rem', md: '1rem', lg: '1.125rem', xl: '1.5rem' };

/** Every distance between things: from what belongs together to what does not. */
const SPACING = { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' };

export const theme = createTheme({
  fontSizes: TYPE,
  spacing: SPACING,
  primaryColor: 'blue',
  primaryShade: { light: 8, dark: 9 },
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif',
  headings: { fontWeight: '650', sizes: { h1: { fontSize: TYPE.xl }, h2: { fontSize: TYPE.lg } } },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // It is the header of a dialog, not of the page.
    ModalHeader: { defaultProps: { role: 'presentation' } },
  },
});

/** Greys that can be read on the page's grounds (WCAG 2.2, 1.4.3); Mantine's own fall short on some. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: { '--mantine-color-dimmed': '#545b64', '--mantine-color-body': '#ffffff' },
  dark: { '--mantine-color-dimmed': '#a6adb4' },
});

/** One colour for each outcome, wherever it is shown; text or a pattern says the same. */
export const OUTCOME_COLOR: Record<Outcome, string> = {
  inserted: 'teal.8',
  updated: 'blue.7',
  unchanged: 'gray.6',
  superseded: 'grape.7',
  rejected: 'orange.9',
  dead: 'red.9',
};
