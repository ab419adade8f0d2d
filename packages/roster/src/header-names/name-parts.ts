import { WHOLE_OR_PART_RANK } from './employee-name.ts';
import type { NamePart, NamesByLanguage } from './languages.ts';

/** How files call the parts of a value. */
export type PartNames = {
  /** By rank: what people are called before what stands in their papers. */
  readonly parts: { readonly [P in NamePart]: readonly NamesByLanguage[] };
  /**
   * The rank of whole names that mean the given or the family name where only the other has a column: `Name` beside `Vorname`.
   * Those of a later rank are read where there are no parts.
   */
  readonly wholeOrPartRank: number;
};

const GIVEN: NamesByLanguage = {
  en: [
    'first name',
    'person first name',
    'first names',
    'given name',
    'given names',
    'forename',
    'forenames',
    'fname',
    'first',
    'employee first name',
  ],
  de: ['vorname', 'vornamen', 'rufname'],
  fr: ['prénom', 'prénoms', 'premier prénom'],
  es: ['primer nombre', 'nombre de pila', 'nombre propio'],
  pt: ['primeiro nome', 'nome próprio', 'nomes próprios'],
  it: ['nome di battesimo', 'primo nome'],
  nl: ['voornaam', 'voornamen', 'roepnaam'],
  pl: ['imię', 'imiona', 'pierwsze imię'],
  cs: ['křestní jméno'],
  sv: ['förnamn', 'tilltalsnamn'],
  da: ['fornavn', 'fornavne'],
  no: ['fornavn'],
  fi: ['etunimi', 'etunimet', 'kutsumanimi'],
  tr: ['ad', 'adı', 'ilk ad', 'ön ad'],
  ru: ['личное имя'],
  uk: ["власне ім'я"],
  el: ['μικρό όνομα'],
  hu: ['keresztnév', 'utónév'],
  ja: ['名'],
  zh: ['名'],
};

const LEGAL_GIVEN: NamesByLanguage = {
  en: ['legal first name', 'preferred first name', 'christian name'],
};

const MIDDLE: NamesByLanguage = {
  en: ['middle name', 'middle names', 'middle initial', 'mi', 'middle', 'additional name', 'legal middle name'],
  de: ['zweiter vorname', 'mittelname', 'weitere vornamen'],
  fr: ['deuxième prénom', 'second prénom', 'autres prénoms'],
  es: ['segundo nombre'],
  pt: ['nome do meio', 'segundo nome'],
  it: ['secondo nome'],
  nl: ['tussenvoegsel', 'tussenvoegsels', 'voorvoegsel'],
  pl: ['drugie imię'],
  cs: ['prostřední jméno', 'druhé jméno'],
  sv: ['mellannamn'],
  da: ['mellemnavn'],
  no: ['mellomnavn'],
  fi: ['toinen nimi'],
  tr: ['ikinci ad', 'ikinci adı', 'göbek adı'],
  ru: ['отчество'],
  uk: ['по батькові'],
  el: ['μεσαίο όνομα'],
};

const FAMILY: NamesByLanguage = {
  en: [
    'last name',
    'last names',
    'surname',
    'surnames',
    'family name',
    'lname',
    'last',
    'sn',
    'employee last name',
    'person last name',
  ],
  de: ['nachname', 'familienname', 'zuname'],
  fr: ['nom de famille', 'patronyme'],
  es: ['apellido', 'apellidos', 'primer apellido', 'apellido paterno', 'apellido 1'],
  pt: ['sobrenome', 'sobrenomes', 'apelido', 'apelidos', 'último nome', 'nome de família'],
  it: ['cognome'],
  nl: ['achternaam', 'familienaam'],
  pl: ['nazwisko'],
  cs: ['příjmení'],
  sv: ['efternamn', 'släktnamn'],
  da: ['efternavn'],
  no: ['etternavn'],
  fi: ['sukunimi'],
  tr: ['soyad', 'soyadı', 'soyisim'],
  ru: ['фамилия'],
  uk: ['прізвище'],
  el: ['επώνυμο', 'επίθετο'],
  hu: ['vezetéknév', 'családnév'],
  ja: ['姓', '氏', '苗字', '名字'],
  zh: ['姓', '姓氏'],
  ko: ['성', '성씨'],
};

const LEGAL_FAMILY: NamesByLanguage = { en: ['legal last name', 'preferred last name'] };

const SECOND_FAMILY: NamesByLanguage = {
  en: ['second last name', 'second surname', 'secondary last name'],
  es: ['segundo apellido', 'apellido materno', 'apellido 2'],
  pt: ['segundo apelido'],
};

/** In columns of their own, a person's names are joined in the order that the language of the columns writes. */
export const EMPLOYEE_NAME_PARTS: PartNames = {
  parts: {
    given: [GIVEN, LEGAL_GIVEN],
    middle: [MIDDLE],
    family: [FAMILY, LEGAL_FAMILY],
    secondFamily: [SECOND_FAMILY],
  },
  wholeOrPartRank: WHOLE_OR_PART_RANK,
};
