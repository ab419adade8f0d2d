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

/** Grounds and titles of what asks for attention: calm, and to be read; Mantine's own are loud in the dark. */
const ATTENTION = {
  light: { yellow: ['#fff9db', '#664d03'], orange: ['#fff4e6', '#8a3b00'], red: ['#fff5f5', '#a61e1e'] },
  dark: {
    yellow: ['rgb(252 196 25 / 12%)', '#ffe066'],
    orange: ['rgb(255 146 43 / 14%)', '#ffc078'],
    red: ['rgb(255 107 107 / 14%)', '#ffa8a8'],
  },
};

function attention(scheme: keyof typeof ATTENTION): Record<string, string> {
  return Object.fromEntries(
    Object.entries(ATTENTION[scheme]).flatMap(([name, [ground = '', title = '']]) => [
      [`--mantine-color-${name}-light`, ground],
      [`--mantine-color-${name}-light-color`, title],
    ]),
  );
}

/** Greys that can be read on the page's grounds (WCAG 2.2, 1.4.3); Mantine's own fall short on some. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#545b64',
    '--mantine-color-body': '#ffffff',
    '--mantine-color-blue-light-color': '#1457a0',
    ...attention('light'),
  },
  dark: { '--mantine-color-dimmed': '#a6adb4', ...attention('dark') },
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
