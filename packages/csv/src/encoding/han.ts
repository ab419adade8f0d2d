import type { LanguageName } from './languages.ts';

/** Characters that names of people and companies are made of, the frequent ones. */
const IN_NAMES: Partial<Record<LanguageName, string>> = {
  japanese:
    '佐藤鈴木高橋田中渡辺伊山本村小林加吉大松井口斎清崎森池阿部石川前岡後長谷近坂遠青福三西太原野金竹内上和島横宮今河武増杉平千菅久保安新丸飯工東京株式会社有限日電機産業商事銀行製作所店株美子花一郎健翔結衣拓也愛誠陽直樹麻隆真由浩恵名前氏住話番号号社員部課役職者',
  simplifiedChinese:
    '王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂小文建国华东海北京上广州深圳科技有限公司股份集团工业电子机械食品银行贸易实业姓名手机邮箱电话单位部门',
  traditionalChinese:
    '陳林黃張李王吳劉蔡楊許鄭謝郭洪曾邱廖賴徐周葉蘇莊江呂何蕭羅高簡朱鍾施游詹沈彭胡余趙盧梁顏柯翁魏孫戴方宋鄧杜傅侯曹薛丁卓馬董溫唐藍石蔣田康鄒白美玲志明淑芬家豪雅婷建國俊傑麗華文雄惠台北高雄中新竹科技股份有限公司電子食品銀行企業貿易實業集團工業姓名手機電話郵件部門',
};

/** Syllables of Korean names, the frequent ones, and what companies are called. */
const HANGUL_IN_NAMES =
  '김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민류나진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국은수영희훈경미란재범준예린동엽라민철호상태광용혜숙자순주식회사전자산업건설은행식품이름전화메일대표부서울';

/** Costs in nats: the negative logarithm of how often a character is there. */
const COST = {
  inNames: 5.8,
  common: 8.2,
  rare: 13,
  hiragana: 5.5,
  katakana: 4.7,
  halfWidth: 4.2,
  hangul: 8.7,
  fullWidth: 7,
};

/** What a character of Chinese, Japanese or Korean costs in a language. */
export function rateHan(character: string, language: LanguageName): number {
  const code = character.codePointAt(0) ?? 0;
  if (language === 'korean') {
    if (code < 0xac00 || code > 0xd7a3) return code >= 0x4e00 ? COST.rare : COST.fullWidth;
    if (HANGUL.has(character)) return COST.inNames - 0.5;
    return commonCharacters('euc-kr').has(character) ? COST.hangul : COST.rare;
  }
  if (code >= 0xff61 && code <= 0xff9f) return language === 'japanese' ? COST.halfWidth : COST.rare;
  if (code >= 0x3041 && code <= 0x3096) return language === 'japanese' ? COST.hiragana : COST.rare;
  if (code >= 0x30a1 && code <= 0x30fc) return language === 'japanese' ? COST.katakana : COST.rare;
  if (namesOf(language).has(character)) return COST.inNames;
  return commonCharacters(LEVEL_ENCODING[language] ?? 'gb18030').has(character) ? COST.common : COST.rare;
}

const HANGUL = new Set(HANGUL_IN_NAMES);
const LEVEL_ENCODING: Partial<Record<LanguageName, LevelEncoding>> = {
  japanese: 'euc-jp',
  simplifiedChinese: 'gb18030',
  traditionalChinese: 'big5',
};

/** The rows in which a standard has its frequent characters: JIS X 0208 and GB 2312 level 1, Big5 level 1, KS X 1001 hangul. */
const LEVELS = {
  'euc-jp': [0xb0, 0xcf],
  gb18030: [0xb0, 0xd7],
  big5: [0xa4, 0xc6],
  'euc-kr': [0xb0, 0xc8],
} as const;
type LevelEncoding = keyof typeof LEVELS;

const names = new Map<LanguageName, Set<string>>();
function namesOf(language: LanguageName): Set<string> {
  const known = names.get(language) ?? new Set(IN_NAMES[language]);
  names.set(language, known);
  return known;
}

const levels = new Map<LevelEncoding, Set<string>>();
function commonCharacters(encoding: LevelEncoding): Set<string> {
  let known = levels.get(encoding);
  if (known === undefined) {
    const [first, last] = LEVELS[encoding];
    const bytes: number[] = [];
    for (let lead = first; lead <= last; lead++) {
      for (let trail = encoding === 'big5' ? 0x40 : 0xa1; trail <= 0xfe; trail++)
        if (trail < 0x7f || trail > 0xa0) bytes.push(lead, trail);
    }
    known = new Set(new TextDecoder(encoding).decode(Uint8Array.from(bytes)));
    known.delete('\ufffd');
    levels.set(encoding, known);
  }
  return known;
}
