import { createContext, type ReactNode, use, useEffect, useState } from 'react';
import { de } from './de.ts';
import { en, type Texts } from './en.ts';

export const LANGUAGES = { en, de };
export type Language = keyof typeof LANGUAGES;

const ITEM = 'rowferry-language';

type Speaking = { texts: Texts; language: Language; speak: (language: Language) => void };

const TextsContext = createContext<Speaking>({ texts: en, language: 'en', speak: () => {} });

/** Texts in the reader's language, as the browser says, or as was chosen. */
export function TextsProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(firstLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const speak = (chosen: Language) => {
    localStorage.setItem(ITEM, chosen);
    setLanguage(chosen);
  };
  return <TextsContext value={{ texts: LANGUAGES[language], language, speak }}>{children}</TextsContext>;
}

export function useTexts(): Texts {
  return use(TextsContext).texts;
}

export function useLanguage(): Speaking {
  return use(TextsContext);
}

function firstLanguage(): Language {
  const wanted = [localStorage.getItem(ITEM) ?? '', ...navigator.languages].map((tag) => tag.split('-')[0]);
  return wanted.find((tag): tag is Language => tag !== undefined && tag in LANGUAGES) ?? 'en';
}
