import { expect, test } from 'vitest';
import { setupImport } from './import-file.ts';

const ACME = { company_name: 'Acme', email: 'ann@acme.example' };
const ANN = { ...ACME, employee_name: 'Ann Lee', mobile_no: '07700 900101' };

/** Headers as programs export them, with the columns that are not ours, and a person in each. */
const EXPORTS: { program: string; query?: string; file: string[]; employee: object }[] = [
  {
    program: 'Outlook',
    file: [
      "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,Business City,Business Country/Region,Home Street,Home City,Assistant's Phone,Business Fax,Business Phone,Business Phone 2,Callback,Car Phone,Company Main Phone,Home Fax,Home Phone,Home Phone 2,ISDN,Mobile Phone,Other Fax,Other Phone,Pager,Primary Phone,Radio Phone,TTY/TDD Phone,Telex,Account,Anniversary,Assistant's Name,Billing Information,Birthday,Categories,Children,Directory Server,E-mail Address,E-mail Type,E-mail Display Name,E-mail 2 Address,E-mail 2 Type,E-mail 2 Display Name,Gender,Government ID Number,Hobby,Initials,Keywords,Language,Location,Manager's Name,Notes,Office Location,Organizational ID Number,Private,Profession,Referred By,Sensitivity,Spouse,User 1,Web Page",
      '"Dr.","Ann","B.","Lee","","Acme","Sales","","","","","","","020 7946 0001","020 7946 0002","020 7946 0003","","","","020 7946 0004","","020 7946 0005","","","07700 900101","","","","","","","","x1","","Eve","","1/2/1990","","","","ann@acme.example","SMTP","Ann Lee (ann@acme.example)","ann@home.example","SMTP","","","","","A.L.","","","","Max Boss","","","","False","","","Normal","Tom","",""',
    ],
    employee: { ...ANN, employee_name: 'Ann B. Lee' },
  },
  {
    program: 'Outlook in German',
    file: [
      'Anrede;Vorname;Weitere Vornamen;Nachname;Suffix;Firma;Abteilung;Position;Telefon geschäftlich;Fax geschäftlich;Telefon Firma;Telefon privat;Mobiltelefon;Weiteres Telefon;E-Mail-Adresse;E-Mail-Typ;E-Mail: Angezeigter Name;E-Mail 2: Adresse',
      'Frau;Ann;;Lee;;Acme;Vertrieb;;030 1234567;030 1234568;030 1234500;;07700 900101;;ann@acme.example;SMTP;Lee, Ann;',
    ],
    employee: ANN,
  },
  {
    program: 'Google Contacts',
    file: [
      'First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,Name Prefix,Name Suffix,Nickname,File As,Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,Address 1 - Label,Address 1 - Formatted,Website 1 - Value',
      'Ann,,Lee,,,,Dr.,,Annie,,Acme,Clerk,Sales,,,,* myContacts,Work,ann@acme.example,Home,ann@home.example,Mobile,07700 900101,,,',
    ],
    employee: ANN,
  },
  {
    program: 'Thunderbird',
    file: [
      'First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Screen Name,Work Phone,Home Phone,Fax Number,Pager Number,Mobile Number,Home Address,Home City,Work Address,Job Title,Department,Organization,Web Page 1,Birth Year,Custom 1,Notes',
      'Ann,Lee,,Annie,ann@acme.example,,,020 7946 0001,,,,07700 900101,,,,,Sales,Acme,,,,',
    ],
    employee: ANN,
  },
  {
    program: 'LinkedIn',
    file: [
      'Notes:',
      '"When exporting your connection data, you may notice that some of the email addresses are missing. You will only see email addresses for connections who have allowed their connections to see or download their email address."',
      '',
      'First Name,Last Name,URL,Email Address,Company,Position,Connected On',
      'Ann,Lee,https://www.linkedin.com/in/ann,ann@acme.example,Acme,Clerk,01 Mar 2026',
    ],
    employee: { ...ANN, mobile_no: null },
  },
  {
    program: 'Entra ID',
    query: '?constants.company_name=Acme',
    file: [
      'userPrincipalName,displayName,surname,mail,givenName,id,userType,jobTitle,department,accountEnabled,usageLocation,streetAddress,state,country,physicalDeliveryOfficeName,city,postalCode,telephoneNumber,mobile,authenticationAlternativePhoneNumber,authenticationEmail,alternateEmailAddress,ageGroup,consentProvidedForMinor,legalAgeGroupClassification',
      'ann@acme.onmicrosoft.com,Ann Lee,Lee,ann@acme.example,Ann,8a1,Member,,Sales,True,GB,,,,,,,020 7946 0001,07700 900101,,,ann@home.example,,,',
    ],
    employee: ANN,
  },
  {
    program: "Entra ID's template",
    query: '?constants.company_name=Acme',
    file: [
      'version:v1.0',
      'Name [displayName] Required,User name [userPrincipalName] Required,Initial password [passwordProfile] Required,Block sign in (Yes/No) [accountEnabled] Required,First name [givenName],Last name [surname],Job title [jobTitle],Department [department],Mobile phone [mobile]',
      'Ann Lee,ann@acme.example,secret,No,Ann,Lee,,Sales,07700 900101',
    ],
    employee: ANN,
  },
  {
    program: 'Active Directory',
    file: [
      '#TYPE Selected.Microsoft.ActiveDirectory.Management.ADUser',
      '"DistinguishedName","Enabled","GivenName","Name","ObjectClass","ObjectGUID","SamAccountName","SID","Surname","UserPrincipalName","mail","telephoneNumber","mobile","company","department","manager"',
      '"CN=Ann Lee,OU=Staff,DC=acme","True","Ann","Ann Lee","user","1-2","alee","S-1","Lee","alee@acme.local","ann@acme.example","020 7946 0001","07700 900101","Acme","Sales","CN=Max Boss,OU=Staff"',
    ],
    employee: ANN,
  },
  {
    program: 'BambooHR',
    query: '?constants.company_name=Acme',
    file: [
      'Employee #,"Last Name, First Name",First Name,Last Name,Preferred Name,Job Title,Department,Division,Location,Reporting to,Status,Hire Date,Work Email,Home Email,Work Phone,Work Ext.,Mobile Phone,Home Phone',
      '17,"Lee, Ann",Ann,Lee,Annie,Clerk,Sales,North,London,Max Boss,Active,2020-01-02,ann@acme.example,ann@home.example,020 7946 0001,12,07700 900101,',
    ],
    employee: { ...ANN, employee_name: 'Lee, Ann' },
  },
  {
    program: 'Personio',
    file: [
      'ID;Vorname;Nachname;Bevorzugter Name;E-Mail;Geschlecht;Status;Position;Gesellschaft;Abteilung;Team;Vorgesetzter;Standort;Eintrittsdatum;Private E-Mail;Mobilnummer;Telefon (geschäftlich)',
      '17;Ann;Lee;;ann@acme.example;weiblich;aktiv;Clerk;Acme;Sales;;Max Boss;Berlin;02.01.2020;ann@home.example;07700 900101;030 1234567',
    ],
    employee: ANN,
  },
  {
    program: 'Workday',
    file: [
      'All Active Workers',
      'Effective as of,03/01/2026',
      '',
      'Employee ID,Worker,Legal First Name,Legal Last Name,Business Title,Supervisory Organization,Company,Location,Manager,Primary Work Email,Primary Work Phone,Hire Date',
      '17,Ann Lee (17),Ann,Lee,Clerk,Sales (Max Boss),Acme,London,Max Boss,ann@acme.example,07700 900101,01/02/2020',
    ],
    employee: ANN,
  },
  {
    program: 'Odoo',
    file: [
      '"External ID","Employee Name","Work Email","Work Phone","Work Mobile","Department","Job Position","Manager","Company","Tags"',
      '"hr.employee_1","Ann Lee","ann@acme.example","020 7946 0001","07700 900101","Sales","Clerk","Max Boss","Acme",""',
    ],
    employee: ANN,
  },
  {
    program: 'Horilla',
    file: [
      'Badge ID,First Name,Last Name,Phone,Email,Gender,Department,Job Position,Job Role,Shift,Work Type,Reporting Manager,Employee Type,Location,Date Joining,Company',
      'E17,Ann,Lee,07700 900101,ann@acme.example,female,Sales,Clerk,,Day,Office,Max Boss (E1),Full,London,2020-01-02,Acme',
    ],
    employee: ANN,
  },
  {
    program: 'HubSpot',
    file: [
      'Record ID,First Name,Last Name,Email,Phone Number,Mobile Phone Number,Company Name,Contact owner,Primary Associated Company ID,Last Activity Date,Lead Status,Create Date',
      '901,Ann,Lee,ann@acme.example,020 7946 0001,07700 900101,Acme,Max Boss (max@hub.example),77,,New,2026-03-01 10:00',
    ],
    employee: ANN,
  },
  {
    program: 'Salesforce',
    file: [
      '"Salutation","First Name","Last Name","Title","Account Name","Mailing City","Phone","Fax","Mobile","Email","Contact Owner Alias"',
      '"Ms.","Ann","Lee","Clerk","Acme","London","020 7946 0001","020 7946 0002","07700 900101","ann@acme.example","mboss"',
    ],
    employee: ANN,
  },
  {
    program: 'Chatwoot',
    file: [
      'id,name,email,phone_number,identifier,company_name,city,country,created_at',
      '5,Ann Lee,ann@acme.example,07700 900101,,Acme,London,GB,2026-03-01',
    ],
    employee: ANN,
  },
];

test.for(EXPORTS)('an export of $program lands as it is', async ({ file, query = '', employee }) => {
  const imports = await setupImport();
  const upload = await imports.importFile(file.join('\r\n'), query);
  expect(upload).toMatchObject({ status: 'completed', total: 1, counts: { inserted: 1 } });
  expect(await imports.employees()).toEqual([employee]);
});
