import type { Encoding, HeadEncoding } from '../dialect.ts';
import type { UnreadableEncoding } from './unreadable-encodings.ts';

export type Script = 'latin' | 'cyrillic' | 'greek' | 'hebrew' | 'arabic' | 'thai' | 'kana' | 'hangul' | 'han';

export type Language = {
  /** Scripts that its words are written in. */
  scripts: readonly Script[];
  /** What each letter over ASCII costs, in nats: the negative logarithm of its share. Null: `han.ts` rates them. */
  costs: ReadonlyMap<string, number> | null;
};

/**
 * Only words with a letter over ASCII are looked at, and of ten letters in such a one two are: the same in all languages,
 * or those with many would win against those with few.
 */
const LATIN_SHARE = 0.2;

/** Of 10,000 letters of running text, from published letter frequencies; what names have more often, raised. */
const LATIN = {
  german: 'ä58 ö44 ü100 ß31 é5 è1',
  french: 'é190 è40 ê25 à30 â8 ô12 î6 û6 ù5 ç15 ë12 ï12 œ6 ÿ1 æ1 ü2 ö1',
  spanish: 'á60 é50 í80 ó83 ú25 ñ45 ü3 ç2 à1 è1',
  portuguese: 'ã73 á50 é40 ê35 í25 ó30 ç53 õ14 ú21 à5 â30 ô15 ü1 è1',
  italian: 'à50 è30 é8 ì12 ò20 ù17',
  dutch: 'ë15 é12 ï8 ö6 ü6 è4 ç2 á1 ó1',
  swedish: 'å134 ä180 ö130 é6 ü3 á1',
  danish: 'æ80 ø110 å110 é6 ö4 ü2 ä3 ó1',
  finnish: 'ä358 ö60 å15 é1 š1 ž1',
  icelandic: 'í157 á180 ó110 ð300 þ100 é65 ö77 æ87 ú61 ý30',
  catalan: 'à70 è40 é60 í50 ï10 ó50 ò25 ú25 ü8 ç20',
  czech: 'á220 í164 é63 ě90 š80 č80 ř80 ž75 ý80 ů25 ú15 ň10 ó6 ť8 ď5 ö2 ü3',
  slovak: 'á200 í92 é50 č90 š70 ž75 ý70 ú50 ľ35 ť30 ň15 ô15 ó25 ď15 ä8 ĺ2 ŕ2 ö2',
  polish: 'ł180 ą80 ę80 ó90 ś70 ż70 ć50 ń60 ź15 ü1 é1',
  hungarian: 'á300 é330 ö82 ó80 ő70 í53 ü50 ú30 ű20',
  croatian: 'š90 č90 ž60 ć150 đ40 ö1 ü1',
  slovenian: 'š100 č130 ž70 ć10 đ1 ü1',
  romanian: 'ă300 î40 â70 ş110 ţ90 ș3 ț3 é1',
  albanian: 'ë500 ç60',
  turkish: 'ı350 ğ100 ü185 ş178 ö100 ç116 â3 İ60 î1 û1',
  lithuanian: 'ė150 š100 ž70 ų60 ū60 į25 č60 ą35 ę15',
  latvian: 'ā300 ē110 ī130 š110 ū50 ņ60 ļ35 ķ30 ģ20 ž40 č30 ō2',
  estonian: 'ä110 õ90 ü70 ö30 š5 ž3',
} as const;

const CYRILLIC = {
  russian:
    'о1000 е800 а880 и760 н700 т550 с530 р500 в500 л460 к380 м330 д290 п250 у260 я190 ы130 ь170 г180 з160 б160 ч140 й130 х100 ж80 ш80 ю70 ц45 щ36 э30 ф30 ъ4 ё15',
  ukrainian:
    'а900 о880 и600 н680 в560 е480 р450 і560 т450 с400 к420 л380 у320 д310 м300 п260 я220 з200 б180 ь180 г170 ч140 й130 х110 ц90 ж80 є60 ш80 ї60 ю80 щ50 ф25 ґ2',
  bulgarian:
    'а1200 о850 е850 и880 т720 н700 р500 с480 в470 л350 к350 д340 п260 м260 з190 ъ170 у170 я130 б150 г170 ч120 й60 х60 ц60 щ40 ж50 ш50 ю20 ф25 ь2',
  serbian:
    'а1150 и950 о880 е880 н560 р480 ј420 с450 т420 к380 д350 в400 у380 л340 м330 п260 г180 з170 б160 ч110 љ60 ц90 ћ110 ш90 х60 ж70 њ70 ђ25 ф20 џ10',
} as const;

const OTHERS = {
  greek:
    'α1100 ο860 ι780 ε680 τ620 ν600 σ420 ρ450 η380 υ360 κ400 π380 λ330 μ330 ς320 ω160 γ180 δ170 χ120 θ110 φ110 β90 ξ50 ζ60 ψ20 ά200 έ160 ή110 ί250 ό220 ύ90 ώ80 ϊ5 ϋ2 ΐ3 ΰ1',
} as const;

/** Of letters and how often each is there; all together they are `share` of all letters. */
function costsOf(letters: string, share: number): Map<string, number> {
  const counts = letters.split(' ').map((entry) => [[...entry][0] ?? '', Number(entry.replace(/^./u, ''))] as const);
  const sum = counts.reduce((sum, [, count]) => sum + count, 0);
  return new Map(counts.map(([letter, count]) => [letter, -Math.log((count * share) / sum)]));
}

/** Every letter of a script equally often: enough to tell the script. */
function evenly(from: string, to: string): Map<string, number> {
  const first = from.codePointAt(0) ?? 0;
  const count = (to.codePointAt(0) ?? 0) - first + 1;
  return new Map(Array.from({ length: count }, (_, index) => [String.fromCodePoint(first + index), Math.log(count)]));
}

export const LANGUAGES = {
  ...withScript('latin', LATIN),
  ...withScript('cyrillic', CYRILLIC),
  ...withScript('greek', OTHERS),
  hebrew: { scripts: ['hebrew'], costs: evenly('א', 'ת') },
  arabic: { scripts: ['arabic'], costs: evenly('ء', 'ي') },
  thai: { scripts: ['thai'], costs: evenly('ก', '๎') },
  japanese: { scripts: ['kana', 'han'], costs: null },
  simplifiedChinese: { scripts: ['han'], costs: null },
  traditionalChinese: { scripts: ['han'], costs: null },
  korean: { scripts: ['hangul', 'han'], costs: null },
} as const satisfies Record<string, Language>;

export type LanguageName = keyof typeof LANGUAGES;
export const LANGUAGE_NAMES = Object.keys(LANGUAGES) as LanguageName[];

function withScript<K extends string>(script: Script, table: Readonly<Record<K, string>>): Record<K, Language> {
  const share = script === 'latin' ? LATIN_SHARE : 1;
  const languages: Partial<Record<K, Language>> = {};
  for (const name in table) languages[name] = { scripts: [script], costs: costsOf(table[name], share) };
  return languages as Record<K, Language>;
}

/**
 * How often a roster that is not in Unicode is in an encoding, and in which languages it then is: what is believed before
 * anything of it is read. Western Windows is by far the most frequent; what DOS, Unix and old Macs wrote is rare.
 */
export const ENCODING_PRIORS: readonly {
  encoding: Exclude<Encoding, HeadEncoding> | UnreadableEncoding;
  share: number;
  languages: Partial<Record<LanguageName, number>>;
}[] = (() => {
  const western = {
    german: 25, french: 20, spanish: 20, portuguese: 12, italian: 8, dutch: 4, swedish: 6, danish: 5, finnish: 3, catalan: 1,
    icelandic: 0.4, albanian: 0.3, estonian: 0.3,
  }; // biome-ignore format: a table
  const central = {
    polish: 30,
    czech: 20,
    hungarian: 15,
    slovak: 8,
    croatian: 8,
    romanian: 8,
    slovenian: 5,
    german: 4,
    albanian: 1,
  };
  const cyrillic = { russian: 60, ukrainian: 15, bulgarian: 15, serbian: 10 };
  return [
    { encoding: 'windows-1252', share: 70, languages: western },
    { encoding: 'windows-1250', share: 12, languages: central },
    { encoding: 'windows-1251', share: 12, languages: cyrillic },
    { encoding: 'windows-1254', share: 5, languages: { turkish: 95, german: 2, french: 2 } },
    { encoding: 'windows-1253', share: 3, languages: { greek: 1 } },
    { encoding: 'windows-1257', share: 1.2, languages: { lithuanian: 40, latvian: 35, estonian: 25 } },
    { encoding: 'iso-8859-15', share: 2, languages: western },
    { encoding: 'iso-8859-2', share: 2, languages: central },
    { encoding: 'iso-8859-5', share: 0.2, languages: cyrillic },
    { encoding: 'iso-8859-7', share: 0.3, languages: { greek: 1 } },
    { encoding: 'macintosh', share: 2, languages: western },
    { encoding: 'x-mac-cyrillic', share: 0.2, languages: cyrillic },
    { encoding: 'koi8-r', share: 0.4, languages: { russian: 1 } },
    { encoding: 'koi8-u', share: 0.2, languages: { ukrainian: 1 } },
    { encoding: 'ibm866', share: 0.4, languages: { russian: 80, bulgarian: 20 } },
    { encoding: 'windows-1255', share: 0.5, languages: { hebrew: 1 } },
    { encoding: 'windows-1256', share: 1, languages: { arabic: 1 } },
    { encoding: 'windows-874', share: 0.5, languages: { thai: 1 } },
    { encoding: 'ibm850', share: 1, languages: western },
    { encoding: 'ibm852', share: 0.5, languages: central },
    { encoding: 'ibm857', share: 0.2, languages: { turkish: 1 } },
    { encoding: 'x-mac-centraleurroman', share: 0.3, languages: central },
    { encoding: 'x-mac-turkish', share: 0.1, languages: { turkish: 1 } },
    { encoding: 'shift_jis', share: 4, languages: { japanese: 1 } },
    { encoding: 'euc-jp', share: 0.5, languages: { japanese: 1 } },
    { encoding: 'gb18030', share: 4, languages: { simplifiedChinese: 95, traditionalChinese: 5 } },
    { encoding: 'big5', share: 2, languages: { traditionalChinese: 1 } },
    { encoding: 'euc-kr', share: 2, languages: { korean: 1 } },
  ];
})();
