import { expect, test } from 'vitest';
import { COLUMNS, declarationOf } from '../columns.ts';
import { NAME_PARTS, ranksOf } from '../header-names/languages.ts';
import { foldName } from './fold-name.ts';
import { knownCell } from './known-names.ts';
import { readHeader } from './read-header.ts';

function mapOf(header: string) {
  const result = readHeader([{ line: 1, fields: header.split(';') }]);
  if (!result.ok) throw new Error(result.failure.detail);
  const { positions } = result.header.map;
  return { ...positions, ignored: result.header.ignoredColumns };
}

const WHOLE = { employee_name: 0, company_name: 1, mobile_no: 2, email: 3, ignored: [] };

test.for([
  ['English', 'Full name;Employer;Cell phone;E-mail address'],
  ['German', 'Mitarbeiter;Firma;Handynummer;E-Mail-Adresse'],
  ['German without umlauts', 'Vollstaendiger Name;Unternehmen;Mobiltelefon;Geschaeftliche E-Mail'],
  ['French', 'Nom et prénom;Société;Téléphone portable;Adresse e-mail'],
  ['French without accents', 'NOM ET PRENOM;SOCIETE;N° DE TELEPHONE;COURRIEL'],
  ['Spanish', 'Nombre y apellidos;Empresa;Teléfono móvil;Correo electrónico'],
  ['Portuguese', 'Nome completo;Empresa;Telemóvel;Endereço de e-mail'],
  ['Portuguese of Brazil', 'Funcionário;Razão social;Celular;E-mail corporativo'],
  ['Italian', 'Nome e cognome;Azienda;Cellulare;Indirizzo e-mail'],
  ['Dutch', 'Naam medewerker;Bedrijf;Mobiel nummer;E-mailadres'],
  ['Polish', 'Imię i nazwisko;Pracodawca;Telefon komórkowy;Adres e-mail'],
  ['Czech', 'Jméno a příjmení;Společnost;Mobil;E-mailová adresa'],
  ['Swedish', 'Namn;Företag;Mobilnummer;E-post'],
  ['Danish', 'Fulde navn;Virksomhed;Mobil;Mailadresse'],
  ['Norwegian', 'Navn;Bedrift;Mobiltelefon;E-postadresse'],
  ['Finnish', 'Koko nimi;Yritys;Matkapuhelin;Sähköposti'],
  ['Turkish', 'ADI SOYADI;ŞİRKET;CEP TELEFONU;E-POSTA'],
  ['Turkish in small letters', 'ad soyad;şirket adı;cep no;e-posta adresi'],
  ['Russian', 'ФИО;Организация;Мобильный телефон;Электронная почта'],
  ['Ukrainian', 'Прізвище та ім’я;Компанія;Мобільний телефон;Електронна пошта'],
  ['Greek', 'Ονοματεπώνυμο;Εταιρεία;Κινητό;Ηλεκτρονικό ταχυδρομείο'],
  ['Greek in capitals', 'ΕΡΓΑΖΟΜΕΝΟΣ;ΕΤΑΙΡΕΙΑ;ΚΙΝΗΤΟ;EMAIL'],
  ['Hungarian', 'Teljes név;Cég;Mobiltelefon;E-mail cím'],
  ['Japanese', '氏名;会社名;携帯電話番号;メールアドレス'],
  ['Chinese', '姓名;公司名称;手机号码;电子邮箱'],
  ['Chinese of Taiwan', '員工姓名;公司名稱;手機;電子郵件'],
  ['Korean', '성명;회사명;휴대폰 번호;이메일'],
] as const)('a header in %s names the four columns', ([, header]) => {
  expect(mapOf(header)).toEqual(WHOLE);
});

test.for([
  ['English', 'First name;Middle name;Last name;Company;E-mail', [0, 1, 2]],
  ['English, family name first', 'Surname;Forename;Company;E-mail', [1, 0]],
  ['English, Name and Surname', 'Name;Surname;Company;E-mail', [0, 1]],
  ['German', 'Nachname;Vorname;Firma;E-Mail', [1, 0]],
  ['German, Name and Vorname', 'Name;Vorname;Firma;E-Mail', [1, 0]],
  ['French', 'Nom;Prénom;Entreprise;Courriel', [1, 0]],
  ['Spanish', 'Nombre;Primer apellido;Segundo apellido;Empresa;Correo', [0, 1, 2]],
  ['Portuguese', 'Nome;Sobrenome;Empresa;E-mail', [0, 1]],
  ['Italian', 'Cognome;Nome;Azienda;E-mail', [1, 0]],
  ['Dutch', 'Voornaam;Tussenvoegsel;Achternaam;Bedrijf;E-mailadres', [0, 1, 2]],
  ['Polish', 'Nazwisko;Imię;Firma;E-mail', [1, 0]],
  ['Czech', 'Příjmení;Jméno;Firma;E-mail', [1, 0]],
  ['Swedish', 'Förnamn;Efternamn;Företag;E-post', [0, 1]],
  ['Danish', 'Fornavn;Mellemnavn;Efternavn;Firma;E-mail', [0, 1, 2]],
  ['Norwegian', 'Etternavn;Fornavn;Firma;E-post', [1, 0]],
  ['Finnish', 'Sukunimi;Etunimi;Yritys;Sähköposti', [1, 0]],
  ['Turkish', 'Adı;Soyadı;Şirket;E-posta', [0, 1]],
  ['Russian', 'Фамилия;Имя;Отчество;Компания;Почта', [1, 2, 0]],
  ['Ukrainian', "Прізвище;Ім'я;По батькові;Компанія;Пошта", [1, 2, 0]],
  ['Greek', 'Επώνυμο;Όνομα;Εταιρεία;Email', [1, 0]],
  ['Hungarian', 'Keresztnév;Vezetéknév;Cég;E-mail', [1, 0]],
  ['Japanese', '名;姓;会社;メール', [1, 0]],
  ['Chinese', '名字;姓;公司;邮箱', [1, 0]],
  ['Korean', '이름;성;회사;메일', [1, 0]],
] as const)('a name in parts is joined as it is written: %s', ([, header, expected]) => {
  expect(mapOf(header)).toMatchObject({ employee_name: [expected], ignored: [] });
});

test.for<[string, string, object]>([
  [
    'Google Contacts',
    'First Name;Middle Name;Last Name;Organization Name;E-mail 1 - Label;E-mail 1 - Value;E-mail 2 - Value;Phone 1 - Label;Phone 1 - Value',
    { employee_name: [[0, 1, 2]], company_name: 3, email: [[5], [6]], mobile_no: 8 },
  ],
  [
    'Outlook',
    'First Name;Middle Name;Last Name;Company;Business Fax;Business Phone;Mobile Phone;Other Phone;E-mail Address;E-mail 2 Address',
    { employee_name: [[0, 1, 2]], company_name: 3, mobile_no: [[6], [5], [7]], email: [[8], [9]] },
  ],
  [
    'Thunderbird',
    'First Name;Last Name;Display Name;Primary Email;Secondary Email;Work Phone;Home Phone;Mobile Number;Organization',
    { employee_name: [[2], [0, 1]], email: [[3], [4]], mobile_no: [[7], [5], [6]], company_name: 8 },
  ],
  [
    'LinkedIn',
    'First Name;Last Name;URL;Email Address;Company;Position;Connected On',
    { employee_name: [[0, 1]], email: 3, company_name: 4 },
  ],
  [
    'Active Directory',
    'DistinguishedName;GivenName;Name;SamAccountName;Surname;UserPrincipalName;mail;telephoneNumber;mobile;company',
    { employee_name: [[2], [1, 4]], email: [[6], [5]], mobile_no: [[8], [7]], company_name: 9 },
  ],
  [
    'Entra ID',
    'userPrincipalName;displayName;surname;mail;givenName;companyName;telephoneNumber;mobilePhone',
    { employee_name: [[1], [4, 2]], email: [[3], [0]], company_name: 5, mobile_no: [[7], [6]] },
  ],
  [
    'LDAP attributes',
    'cn;sn;givenName;mail;mobile;company',
    { employee_name: [[0], [2, 1]], email: 3, mobile_no: 4, company_name: 5 },
  ],
  [
    'BambooHR',
    'Employee #;First Name;Last Name;Company;Work Email;Home Email;Mobile Phone;Work Phone;Home Phone',
    { employee_name: [[1, 2]], company_name: 3, email: [[4], [5]], mobile_no: [[6], [7], [8]] },
  ],
  [
    'Personio',
    'Vorname;Nachname;E-Mail;Gesellschaft;Position;Mobilnummer',
    { employee_name: [[0, 1]], email: 2, company_name: 3, mobile_no: 5 },
  ],
  [
    'Workday',
    'Employee ID;Worker;Company;Primary Work Email;Primary Work Phone',
    { employee_name: 1, company_name: 2, email: 3, mobile_no: 4 },
  ],
  [
    'Odoo',
    'Employee Name;Work Email;Work Phone;Work Mobile;Company',
    { employee_name: 0, email: 1, mobile_no: [[3], [2]], company_name: 4 },
  ],
  [
    'Odoo, technical names',
    'name;work_email;work_phone;mobile_phone;company_id/name',
    { employee_name: 0, email: 1, mobile_no: [[3], [2]], company_name: 4 },
  ],
  [
    'Horilla',
    'Badge ID;First Name;Last Name;Phone;Email;Gender;Department;Job Position;Reporting Manager;Company',
    { employee_name: [[1, 2]], mobile_no: 3, email: 4, company_name: 9 },
  ],
  [
    'HubSpot',
    'Record ID;First Name;Last Name;Email;Phone Number;Mobile Phone Number;Company Name',
    { employee_name: [[1, 2]], email: 3, mobile_no: [[5], [4]], company_name: 6 },
  ],
  [
    'Salesforce',
    'Salutation;First Name;Last Name;Title;Account Name;Email;Phone;Mobile',
    { employee_name: [[1, 2]], company_name: 4, email: 5, mobile_no: [[7], [6]] },
  ],
  [
    'Slack',
    'username;email;status;fullname;displayname;organization',
    { email: 1, employee_name: [[3], [4]], company_name: 5 },
  ],
  [
    'ADP',
    'Payroll Name;Work Contact: Work Email;Personal Contact: Personal Email;Work Contact: Work Mobile;Legal Entity',
    { employee_name: 0, email: [[1], [2]], mobile_no: 3, company_name: 4 },
  ],
  [
    'HubSpot with companies',
    'First Name;Last Name;Email;Company Name;Associated Company;Associated Company IDs',
    { employee_name: [[0, 1]], email: 2, company_name: [[3], [4]] },
  ],
  [
    'Google Workspace',
    'First Name [Required];Last Name [Required];Email Address [Required];Recovery Phone [MUST BE IN THE E.164 FORMAT];Work Phone;Mobile Phone;Company',
    { employee_name: [[0, 1]], email: 2, mobile_no: [[5], [4]], company_name: 6 },
  ],
  [
    'Chatwoot',
    'id;name;email;phone_number;company_name;city;created_at',
    { employee_name: 1, email: 2, mobile_no: 3, company_name: 4 },
  ],
])('an export of %s is known', ([, header, expected]) => {
  const { ignored, ...positions } = mapOf(header);
  expect(positions).toEqual(expected);
});

test('a name means one column only, in all languages', () => {
  for (const column of COLUMNS) {
    const { headerNames, partNames } = declarationOf(column);
    const wholes = ranksOf(headerNames).flatMap((names) => Object.values(names).flat());
    const parts = NAME_PARTS.flatMap((part) => partNames?.parts[part] ?? []).flatMap((names) =>
      Object.values(names).flat(),
    );
    for (const name of [...wholes, ...parts]) {
      const columns = new Set(knownCell(name)?.meanings.map((meaning) => meaning.column));
      expect([name, ...columns]).toEqual([name, column]);
    }
  }
});

test.for([
  ['Société', 'SOCIETE'],
  ['Straße', 'Strasse'],
  ['Büro', 'Buero'],
  ['Økonomi', 'Oekonomi'],
  ['ADI', 'adı'],
  ['İŞ', 'iş'],
  ['Łódź', 'lodz'],
  ['ΕΡΓΟΣ', 'έργος'],
  ['Ｅ－ｍａｉｌ', 'e_mail'],
  ["Ім'я", 'Ім’я'],
  ['Імʼя', 'імя'],
])('%s and %s are one name', ([one = '', other = '']) => {
  expect(foldName(one)).toBe(foldName(other));
});
