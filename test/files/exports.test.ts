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
  {
    program: 'Google Contacts, until 2024',
    file: [
      'Name,Given Name,Additional Name,Family Name,Yomi Name,Given Name Yomi,Additional Name Yomi,Family Name Yomi,Name Prefix,Name Suffix,Initials,Nickname,Short Name,Maiden Name,Birthday,Gender,Location,Billing Information,Directory Server,Mileage,Occupation,Hobby,Sensitivity,Priority,Subject,Notes,Language,Photo,Group Membership,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value,Organization 1 - Type,Organization 1 - Name,Organization 1 - Yomi Name,Organization 1 - Title,Organization 1 - Department,Organization 1 - Symbol,Organization 1 - Location,Organization 1 - Job Description',
      'Kofi Mensah,Kofi,,Mensah,,,,,,,,,,None,,,,,,,,,,,,,,,* myContacts,* Work,kofi@acme.example,Mobile,07700 900103,,Acme,,,,,Leeds,',
    ],
    employee: {
      ...ACME,
      employee_name: 'Kofi Mensah',
      mobile_no: '07700 900103',
      email: 'kofi@acme.example',
    },
  },
  {
    program: 'Microsoft 365, export of users',
    query: '?constants.company_name=Acme',
    file: [
      'Block credential,City,Country/Region,Department,Display name,Fax,First name,Last dirsync time,Last name,Licenses,Mobile Phone,Object Id,Office,Phone number,Postal code,Proxy addresses,State,Street address,Title,Usage location,User principal name,When created',
      'False,Perth,,,Dee Lowe,,Dee,,Lowe,Microsoft 365 Business Premium,+61 491 570 156,,,+61 8 5550 0123,,SMTP:dee@acme.example+smtp:dlowe@oakline.onmicrosoft.example,,,,,dee@acme.example,',
    ],
    employee: {
      ...ACME,
      employee_name: 'Dee Lowe',
      mobile_no: '+61 491 570 156',
      email: 'dee@acme.example',
    },
  },
  {
    program: 'Google Workspace, users',
    query: '?constants.company_name=Acme',
    file: [
      'First Name [Required],Last Name [Required],Email Address [Required],Password [Required],Password Hash Function [UPLOAD ONLY],Org Unit Path [Required],New Primary Email [UPLOAD ONLY],Status [READ ONLY],Last Sign In [READ ONLY],Recovery Email,Home Secondary Email,Work Secondary Email,Recovery Phone [MUST BE IN THE E.164 FORMAT],Work Phone,Home Phone,Mobile Phone,Work Address,Home Address,Employee ID,Employee Type,Employee Title,Manager Email,Department,Cost Center',
      'Sven,Holm,sven@acme.example,****,,/,,Active,2026/03/01 09:12:44,sven@home.example,,,,020 7946 0109,,07700 900109,,,,,,nadia@acme.example,,',
    ],
    employee: {
      ...ACME,
      employee_name: 'Sven Holm',
      mobile_no: '07700 900109',
      email: 'sven@acme.example',
    },
  },
  {
    program: 'Slack, members',
    query: '?constants.company_name=Acme',
    file: [
      'username,email,status,billing-active,has-2fa,has-sso,userid,fullname,displayname,expiration-timestamp',
      'yara,yara@acme.example,Member,1,0,0,U0A6AJG820L,Yara Haddad,yara,',
    ],
    employee: {
      ...ACME,
      employee_name: 'Yara Haddad',
      mobile_no: null,
      email: 'yara@acme.example',
    },
  },
  {
    program: 'Odoo, employees',
    query: '?constants.company_name=Acme',
    file: [
      'id,name,identification_id,passport_id,country_id,work_email,mobile_phone,department_id/id,job_id/id,resource_calendar_id',
      '__export__.hr_employee_7,Luis Vega,1712345678,,,luis@acme.example,+593 99 123 4567,hr.dep_sales,,',
    ],
    employee: {
      ...ACME,
      employee_name: 'Luis Vega',
      mobile_no: '+593 99 123 4567',
      email: 'luis@acme.example',
    },
  },
  {
    program: 'Pipedrive, people',
    file: [
      'Person - Marketing status,Person - Double opt-in,Person - Name,Person - First name,Person - Last name,Person - Organization,Person - Email - Work,Person - Email - Home,Person - Email - Other,Person - Phone - Work,Person - Phone - Home,Person - Phone - Mobile,Person - Phone - Other,Person - Title',
      ',,Elif Demir,Elif,Demir,Acme,elif@acme.example,elif@home.example,,+90 212 555 01 23,,+90 532 123 45 67,,',
    ],
    employee: {
      ...ACME,
      employee_name: 'Elif Demir',
      mobile_no: '+90 532 123 45 67',
      email: 'elif@acme.example',
    },
  },
  {
    program: 'ADP, employees',
    query: '?constants.company_name=Acme',
    file: [
      'File Number,Legal First Name,Legal Last Name,Preferred Name,Job Title Description,Home Department Description,Primary Address: Country Code,Personal Contact: Home Phone,Personal Contact: Personal Mobile,Personal Contact: Personal Email,Work Contact: Work Phone,Work Contact: Work Email,Work Contact: Use Work Email for Notification,Position Status',
      '000123,Grace,Kim,,,,,,(608) 555-0100,grace@home.example,,grace@acme.example,Yes,A - Active',
    ],
    employee: {
      ...ACME,
      employee_name: 'Grace Kim',
      mobile_no: '(608) 555-0100',
      email: 'grace@acme.example',
    },
  },
  {
    program: 'Vtiger, leads',
    file: [
      'Lead Number,Source,Lead Type,Salutation,First Name,Last Name,Primary Phone,Mobile Phone,Lead Status,Secondary Email,Primary Email,Modified Time,Assigned To,Email Opt Out,Created Time,Company Name',
      'LEA7,,,Mrs.,Wanda,Nowak,+48 22 123 45 67,+48 601 234 567,,wanda@home.example,wanda@acme.example,,Sven Holm,,,Acme',
    ],
    employee: {
      ...ACME,
      employee_name: 'Wanda Nowak',
      mobile_no: '+48 601 234 567',
      email: 'wanda@acme.example',
    },
  },
  {
    program: 'Samsung contacts',
    file: [
      'First Name,Last Name,Display Name,Nickname,E-mail Address,E-mail 2 Address,E-mail 3 Address,Home Phone,Business Phone,Home Fax,Business Fax,Pager,Mobile Phone,Home Street,Home Address 2,Home City,Home State,Home Postal Code,Home Country,Business Address,Business Address 2,Business City,Business State,Business Postal Code,Business Country,Country Code,Related name,Job Title,Department,Organization,Notes,Birthday,Anniversary,Gender,Web Page,Web Page 2,Categories',
      ',,Hana Sato,,hana@acme.example,,,03-1234-5678,,,,,090-1234-5678,,,,,,,,,,,,,,Ken,,,Acme,,,,,,,',
    ],
    employee: {
      ...ACME,
      employee_name: 'Hana Sato',
      mobile_no: '090-1234-5678',
      email: 'hana@acme.example',
    },
  },
  {
    program: 'Oracle Identity, users',
    file: [
      'User Name,Active,Work Address Street,Work Address Locality,Display Name,Work Email,Home Email,Primary Email Type,Other Email,Recovery Email,Work Email Verified,External Id,Locale,Created Date,Formatted Name,Honorific Prefix,First Name,Middle Name,Last Name,Honorific Suffix,Nick Name,Work Phone,Mobile No,Home Phone,Fax,Pager,Other Phone,Recovery Phone,Primary Phone Type,Title,User Type,Cost Center,Department,Employee Number,Manager,Organization Name',
      'edu,true,,,Edu Prats,edu@acme.example,edu@home.example,,,,,,,,Edu Prats,,Edu,,Prats,,,+34 93 123 45 67,+34 612 345 678,,,,,,,,,,,,,Acme',
    ],
    employee: {
      ...ACME,
      employee_name: 'Edu Prats',
      mobile_no: '+34 612 345 678',
      email: 'edu@acme.example',
    },
  },
];

test.for(EXPORTS)('an export of $program lands as it is', async ({ file, query = '', employee }) => {
  const imports = await setupImport();
  const upload = await imports.importFile(file.join('\r\n'), query);
  expect(upload).toMatchObject({ status: 'completed', total: 1, counts: { inserted: 1 } });
  expect(await imports.employees()).toEqual([employee]);
});
