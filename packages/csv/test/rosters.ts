import type { Encoding } from '../src/dialect.ts';

/**
 * People and companies as rosters of a country have them, made up. None of the letters counted in `src/encoding/languages.ts`
 * are taken from here. `header`: as a file of that country has it; `encodings`: those that its letters exist in.
 */
export type Roster = { encodings: Encoding[]; header: string; rows: string[] };

const WESTERN: Encoding[] = ['windows-1252', 'iso-8859-15', 'macintosh'];
const CENTRAL: Encoding[] = ['windows-1250', 'iso-8859-2'];

// biome-ignore format: a table
export const ROSTERS: Record<string, Roster> = {
  german: {
    encodings: WESTERN,
    header: 'Name;Firma;Telefon;E-Mail',
    rows: [
      'Jörg Schäfer;Müller & Söhne GmbH', 'Käthe Großmann;Bäckerei Köhler', 'Günther Weiß;Stadtwerke München', 'Anna Becker;Straßenbau Nord',
      'Jürgen Krüger;Fleischerei Böhm', 'Björn Lindner;Großhandel Süd', 'Sören Voß;Möbel Höffmann', 'Ursula König;Brüder Lange KG',
      'Rüdiger Thür;Schlösser AG', 'Heike Bär;Ökostrom Lübeck', 'Hans Peter;Gärtnerei Blüte', 'Björn Grün;Hütte und Partner',
      'Bärbel Hübner;Rädler OHG', 'Ulf Größer;Übersetzungen Meier', 'Ines Jäger;Jäger Technik', 'Götz Dürr;Kälte Süßmann',
      'Maik Hänsel;Tür und Tor', 'Lütke Söhnlein;Möller Öle', 'Eva Schröder;Schröder Bau', 'Tönnies Ähre;Mühle Ähre',
    ],
  },
  french: {
    encodings: WESTERN,
    header: 'Nom;Société;Téléphone;Courriel',
    rows: [
      'François Lefèvre;Crédit Général', 'Hélène Bérenger;Boulangerie de la Forêt', 'Zoé Gaëtan;Café Liberté', 'Noël Barthélémy;Électricité du Sud',
      'Jérôme Gérard;Société Générale de Bâtiment', 'Anaïs Hervé;Hôtel des Alpes', 'Benoît Château;Château Rouge', 'Loïc Prévost;Fromagerie Prévost',
      'Aurélie Guérin;Garage Guérin', 'Chloé Maréchal;Pâtisserie Maréchal', 'Étienne Léger;Équipements Léger', 'Solène Cœur;Cœur de Ville',
      'Gaël Rivière;Rivière et Fils', 'Maël Tréhet;Île de Beauté', 'Rémi Delâtre;Ateliers Rémi', 'Inès Forêt;Scierie Forêt',
      'Océane Péron;Marée Bleue', 'Thérèse Çelik;Presse à Côté', 'Raphaël Hébert;Imprimerie Hébert', 'Cécile Dubé;Théâtre Dubé',
    ],
  },
  spanish: {
    encodings: WESTERN,
    header: 'Nombre;Compañía;Teléfono;Correo',
    rows: [
      'José Muñoz;El Niño S.A.', 'María Núñez;Construcciones Peña', 'Jesús Ibáñez;Panadería Ibáñez', 'Óscar García;Transportes Gómez',
      'Íñigo Martínez;Energía del Norte', 'Lucía Fernández;Frutas Málaga', 'Ramón Pérez;Pérez e Hijos', 'Sofía López;Clínica Álvarez',
      'Andrés Hernández;Café Bogotá', 'Inés Sánchez;Jardín Botánico', 'Raúl Gutiérrez;Compañía Eléctrica', 'Ángel Domínguez;Logística Rápida',
      'Begoña Ordóñez;Viñas Ordóñez', 'Tomás Ramírez;Ramírez Hnos', 'Mónica Jiménez;Óptica Jiménez', 'Adrián Vázquez;Vázquez y Cía',
      'Nicolás Rodríguez;Músicas SL', 'Iván Suárez;Automóviles Suárez', 'Rocío Ortuño;Señal Digital', 'Germán Nuñez;Cañas y Barro',
    ],
  },
  portuguese: {
    encodings: WESTERN,
    header: 'Nome;Empresa;Telefone;E-mail',
    rows: [
      'João Gonçalves;Construções Gonçalves', 'Antônio Conceição;Ação Ltda', 'Conceição Araújo;Pão de Açúcar', 'Luís Simões;Transportes Simões',
      'Inês Magalhães;Fundação Inês', 'Tânia Brandão;Comércio de Café', 'Sebastião Guimarães;Informática São Paulo', 'Lúcia Falcão;Irmãos Falcão',
      'Estêvão Leitão;Leitão Assado', 'Mônica Patrício;Salão Mônica', 'Régis Galvão;Água Limpa', 'Cláudia Assunção;Edições Assunção',
      'André Leão;Câmara e Leão', 'Fábio Durães;Gráfica Durães', 'Joaquim Corrêa;Serviços Corrêa', 'Júlia Frazão;Solução Júnior',
      'César Loução;Produções CL', 'Zélia Vidigal;Família Vidigal', 'Otávio Romão;Romão Móveis', 'Patrícia Galhão;Importação Galhão',
    ],
  },
  swedish: {
    encodings: WESTERN,
    header: 'Namn;Företag;Telefon;E-post',
    rows: [
      'Åsa Lindström;Göteborgs Bygg', 'Björn Sjöberg;Malmö Måleri', 'Märta Åkesson;Sjöfart Öst', 'Håkan Öberg;Hälsa för Alla',
      'Göran Bergström;Skånska Bröd', 'Örjan Nyström;Växjö Trä', 'Kåre Hägg;Järn och Stål', 'Sören Åström;Båtbyggarna',
      'Pär Söderström;Glas i Orrefors', 'Maj Hellström;Fjällräddning', 'Mårten Gårdh;Grönsakshallen', 'Stellan Törnqvist;Kött AB',
      'Ängla Sköld;Änglamark', 'Frida Nordén;Trädgårdar', 'Jonas Fält;Fältmätning', 'Karin Lövgren;Löv och Gren',
      'Lars Höglund;Höglunds Åkeri', 'Gösta Råberg;Rågbröd', 'Viktor Sörman;Sörmans Bageri', 'Ebba Bäck;Bäck och Å',
    ],
  },
  danish: {
    encodings: WESTERN,
    header: 'Navn;Firma;Telefon;E-mail',
    rows: [
      'Søren Kjær;Ålborg Færger', 'Jørgen Ørsted;Mejeriet Bjælde', 'Mette Sørensen;Smørrebrød ApS', 'Åge Jørgensen;Rød Grød',
      'Bjørn Nærum;Fødevarer A/S', 'Kåre Bøgh;Træ og Stål', 'Pia Højgaard;Højgaard Gård', 'Lærke Møller;Møllers Bageri',
      'Jens Grønbæk;Grønbæk og Søn', 'Øjvind Skær;Ærø Fisk', 'Bodil Kjeldbæk;Tømrer Bæk', 'Niels Overgård;Overgårds El',
      'Tove Nørby;Nørby Køl', 'Palle Sønderup;Sønderup Vand', 'Æmilie Frø;Frøhandlen', 'Knud Blåvand;Blåvand Hotel',
      'Maja Østergård;Østergård Lys', 'Aksel Rødby;Rødby Skibe', 'Kjær Bjørnbak;Bjørnbak Tæpper', 'Signe Sæby;Sæby Sko',
    ],
  },
  finnish: {
    encodings: WESTERN,
    header: 'Nimi;Yritys;Puhelin;Sähköposti',
    rows: [
      'Päivi Mäkinen;Sähkö Oy', 'Väinö Hämäläinen;Jyväskylän Puu', 'Jyrki Lehtimäki;Kahvila Älä', 'Mäki Pöyry;Pöyry Oy',
      'Heikki Häkkinen;Häkkinen Auto', 'Pentti Räsänen;Räsäsen Pesula', 'Äiti Järvinen;Järven Kala', 'Aino Jääskeläinen;Jäätelö Oy',
      'Tytti Keränen;Keräys Oy', 'Yrjö Sillanpää;Sillanpään Leipä', 'Pirkko Kärkkäinen;Kärki', 'Antti Hyvönen;Hyvönen Öljy',
      'Leena Lähde;Lähdevesi', 'Mikko Särkkä;Särkän Sahat', 'Ritva Nyländ;Nyländ Ab', 'Kyösti Mähönen;Mähönen Rakennus',
      'Tähti Pitkänen;Pitkänen', 'Eero Pyykkö;Pyykkö Oy', 'Seppo Vänskä;Vänskä Kuljetus', 'Tuija Myllymäki;Myllymäki',
    ],
  },
  icelandic: {
    encodings: ['windows-1252'],
    header: 'Nafn;Fyrirtæki;Sími;Netfang',
    rows: [
      'Jón Þórðarson;Fiskimið ehf', 'Guðrún Sigurðardóttir;Sjóvá', 'Ásdís Ýmisdóttir;Blómabúðin', 'Þór Björnsson;Húsasmiðjan',
      'Sæmundur Árnason;Ísbúðin', 'Ragnheiður Jónsdóttir;Bókabúð', 'Guðni Þorláksson;Álver Suður', 'Sólveig Pétursdóttir;Prjónastofan',
      'Hörður Ólafsson;Veðurstofan', 'Ævar Óskarsson;Fjörður', 'Úlfar Eiríksson;Eiríksbúð', 'Kristín Hákonardóttir;Kaffihúsið',
    ],
  },
  czech: {
    encodings: CENTRAL,
    header: 'Jméno;Firma;Telefon;E-mail',
    rows: [
      'Jiří Dvořák;Škoda Auto a.s.', 'Tomáš Novák;Pražská energetika', 'Žaneta Šťastná;Česká spořitelna', 'Lukáš Černý;Stavby Říha',
      'Kateřina Svobodová;Zahradnictví Růže', 'Ondřej Procházka;Plzeňský pivovar', 'Eliška Kučerová;Pekařství U Věže', 'Zdeněk Němec;Těžba s.r.o.',
      'Markéta Veselá;Květiny Veselá', 'Jaromír Šimůnek;Šimůnek a synové', 'Božena Krejčí;Krejčovství', 'Stanislav Fiala;Železárny Třinec',
      'Řehoř Sedláček;Lékárna Na Růžku', 'Barbora Hájková;Účetnictví Hájek', 'Matěj Beneš;Dřevo Beneš', 'Ludvík Růžička;Město Děčín',
      'Vojtěch Pospíšil;Tiskárna Pospíšil', 'Hana Křížová;Střechy Kříž', 'Luděk Vaněk;Vaněk Doprava', 'Šárka Holá;Mlékárna Holá',
    ],
  },
  slovak: {
    encodings: CENTRAL,
    header: 'Meno;Firma;Telefón;E-mail',
    rows: [
      'Ľubomír Kováč;Slovenské železnice', 'Mária Horváthová;Pekáreň Žitava', 'Ján Ďurica;Ďurica a syn', 'Štefan Krajčí;Stavebniny Šaľa',
      'Zuzana Hlaváčová;Kvetinárstvo', 'Peter Žák;Žiar nad Hronom', 'Ľudmila Tóthová;Lekáreň Pri Mlyne', 'Matúš Vďačný;Rýchle služby',
      'Božidara Šimková;Tlačiareň Nitra', 'Ondrej Baláž;Baláž Elektro', 'Jozef Hruška;Hruška Ovocie', 'Katarína Kráľová;Kráľ a partneri',
    ],
  },
  polish: {
    encodings: CENTRAL,
    header: 'Imię i nazwisko;Firma;Telefon;E-mail',
    rows: [
      'Łukasz Wójcik;Spółka Żywiec', 'Małgorzata Dąbrowska;Piekarnia Kłos', 'Stanisław Kowalczyk;Huta Łabędy', 'Agnieszka Zając;Księgarnia Świat',
      'Paweł Jabłoński;Usługi Budowlane', 'Żaneta Wiśniewska;Kwiaty Róża', 'Michał Król;Meble Gdańsk', 'Elżbieta Piątek;Młyn Piątek',
      'Grażyna Wróbel;Przedsiębiorstwo Wróbel', 'Jerzy Gołąb;Dźwigi Śląsk', 'Bożena Sikorska;Łódź Tekstylia', 'Sławomir Błaszczyk;Samochody Błysk',
      'Józef Czyż;Poznań Części', 'Zdzisław Pawłowski;Złom Ćwiek', 'Anna Głowacka;Szkoła Języków', 'Rafał Cieślak;Cieśla Rafał',
      'Wanda Borówka;Ogród Borówka', 'Świętosław Kania;Kraków Żagle', 'Ryszard Bąk;Bąk i Syn', 'Halina Mróz;Chłodnia Mróz',
    ],
  },
  hungarian: {
    encodings: CENTRAL,
    header: 'Név;Cég;Telefon;E-mail',
    rows: [
      'Szabó Gergő;Magyar Építő Kft', 'Tóth Zsófia;Győri Keksz', 'Kovács Ödön;Kovács és Társa', 'Nagy Erzsébet;Virágüzlet',
      'Horváth Béla;Fűszerbolt', 'Kőrösi Ágnes;Üvegipar', 'Fehér László;Pékség a Sarkon', 'Szűcs Éva;Bőrdíszmű',
      'Vörös István;Borászat Eger', 'Bíró Tünde;Könyvelő Iroda', 'Gőz Árpád;Gépgyár Győr', 'Hegedűs Mónika;Hangszerkészítő',
      'Pásztor Jenő;Tejüzem', 'Újvári Róbert;Cipőgyár', 'Dömötör Csaba;Hűtőgép Szerviz', 'Bognár Klára;Őrség Fa',
      'Sipőcz Ferenc;Tűzoltó', 'Lőrincz Gábor;Lőrincz Bt', 'Fűzi Márta;Kézműves', 'Csonka Győző;Vízművek',
    ],
  },
  croatian: {
    encodings: CENTRAL,
    header: 'Ime;Tvrtka;Telefon;E-pošta',
    rows: [
      'Željko Marković;Čakovečki mlinovi', 'Ivana Horvatić;Građevinar d.o.o.', 'Đuro Kovačić;Šumarstvo Đakovo', 'Krešimir Šarić;Željezara Sisak',
      'Mišo Knežević;Kuća Knežević', 'Anđela Babić;Vođenje', 'Luka Perić;Perić i sin', 'Snježana Šimić;Cvjećarnica',
      'Božo Đukić;Brodogradilište', 'Zdravka Žužul;Žitnjak', 'Stjepan Čović;Pošta Čović', 'Nađa Matošević;Tržnica',
    ],
  },
  romanian: {
    encodings: CENTRAL,
    header: 'Nume;Firmă;Telefon;E-mail',
    rows: [
      'Ştefan Ionescu;Construcţii Braşov', 'Mihăiţă Popescu;Pâine şi Vin', 'Ioana Ţurcanu;Grădina Verde', 'Răzvan Bălan;Farmacia Sănătatea',
      'Cătălina Munteanu;Încălţăminte', 'Gheorghiţă Lupaşcu;Făgăraş Lemn', 'Dragoş Brânză;Lăptăria', 'Andreea Pădureanu;Şcoala Nouă',
      'Bogdan Mătăsaru;Mătăsuri', 'Raluca Câmpeanu;Târgu Jiu', 'Sorin Văcărescu;Văcăreşti', 'Luminiţa Străjer;Reşiţa Oţel',
    ],
  },
  turkish: {
    encodings: ['windows-1254'],
    header: 'Ad Soyad;Şirket;Telefon;E-posta',
    rows: [
      'Ayşe Yılmaz;Güneş A.Ş.', 'Çağlar Öztürk;Işık Enerji', 'Gülşen Kılıç;İnşaat Ltd', 'Uğur Şahin;Doğan Gıda',
      'Ümit Çelik;Yıldız Çelik', 'İbrahim Aydın;Ağaç İşleri', 'Özlem Yıldırım;Başak Fırın', 'Oğuz Kaçar;Taşımacılık Oğuz',
      'Şükrü Güngör;Pamuk İplik', 'Gökçe Aslan;Çiçekçi Gökçe', 'Halil Koç;Sağlık Merkezi', 'Büşra Tanrıverdi;Eğitim Kurumları',
      'İsmail Şimşek;Şimşek Lojistik', 'Nazlı Karadağ;Dağ Oteli', 'Tuğba Doğru;Doğru Muhasebe', 'Özgür Sarı;Sarı Taksi',
      'Çiğdem Ünal;Ünal Kağıt', 'Mustafa Işıkçı;Kırtasiye', 'Barış Güzel;Güzel Yapı', 'Yağmur Akgün;Akgün Tarım',
    ],
  },
  lithuanian: {
    encodings: ['windows-1257'],
    header: 'Vardas;Įmonė;Telefonas;El. paštas',
    rows: [
      'Jūratė Žemaitė;Šiaulių bankas', 'Rūta Kazlauskaitė;Žalioji giria', 'Eglė Šimkutė;Kauno grūdai', 'Česlovas Ąžuolas;Ąžuolų baldai',
      'Živilė Petrauskienė;Saulės energija', 'Kęstutis Bražėnas;Kelių statyba', 'Gražina Jonušienė;Gėlių namai', 'Mindaugas Šėža;Vėjo jėgainės',
      'Birutė Vaičiūnienė;Duonos kepykla', 'Agnė Čepaitė;Knygų lentyna', 'Žygimantas Rūkas;Rūko vaistinė', 'Dalė Kalvėnienė;Uždaroji akcinė bendrovė',
    ],
  },
  latvian: {
    encodings: ['windows-1257'],
    header: 'Vārds;Uzņēmums;Tālrunis;E-pasts',
    rows: [
      'Jānis Bērziņš;Latvijas dzelzceļš', 'Līga Kalniņa;Rīgas satiksme', 'Mārtiņš Ozoliņš;Ķekavas putni', 'Ilze Krūmiņa;Ziedu kalns',
      'Pēteris Liepiņš;Māju būve', 'Kristīne Zariņa;Grāmatnīca', 'Ģirts Vītols;Ģimenes ārsts', 'Aņa Šķēle;Kuldīgas piens',
      'Ēriks Pūce;Pūces maiznīca', 'Agnese Āboliņa;Ābolu dārzs', 'Žanis Lācis;Lāču maize', 'Inga Čakste;Čakstes ūdens',
    ],
  },
  greek: {
    encodings: ['windows-1253'],
    header: 'Όνομα;Εταιρεία;Τηλέφωνο;Email',
    rows: [
      'Ελένη Παππά;Δρυς ΑΕ', 'Γιώργος Παπαδόπουλος;Ελληνικά Πετρέλαια', 'Μαρία Οικονόμου;Φούρνος Οικονόμου', 'Νίκος Βασιλείου;Άνθη και Φυτά',
      'Κατερίνα Αθανασίου;Ξενοδοχείο Ήλιος', 'Δημήτρης Γεωργίου;Τεχνική Αιγαίου', 'Σοφία Κωνσταντίνου;Θέατρο Τέχνης', 'Χρήστος Μακρής;Ύδρευση Αθηνών',
      'Αγγελική Ψαρρά;Ψάρια Πειραιά', 'Σπύρος Ζαχαρίου;Ζαχαροπλαστείο', 'Ιωάννα Ράπτη;Υφάσματα Ράπτης', 'Θανάσης Λύκος;Οίνος ΟΕ',
    ],
  },
  russian: {
    encodings: ['windows-1251', 'koi8-r', 'ibm866', 'iso-8859-5', 'x-mac-cyrillic'],
    header: 'Имя;Компания;Телефон;Почта',
    rows: [
      'Анна Дубова;ООО Дуб', 'Иван Петров;Берёза', 'Ольга Щербакова;Северный завод', 'Дмитрий Жуков;Хлебозавод',
      'Сергей Кузнецов;Автотранс', 'Юлия Эйхман;Цветы и подарки', 'Фёдор Чайкин;Мебель для дома', 'Екатерина Соколова;Уральский камень',
      'Алексей Ильин;Городская аптека', 'Наталья Объедкова;Юг Агро', 'Михаил Яшин;Яшин и партнёры', 'Татьяна Громова;Гром',
      'Павел Воробьёв;Воробей', 'Зинаида Ким;Книжный мир', 'Роман Хабибуллин;Казань Нефть', 'Лев Мышкин;Мышкин Двор',
      'Светлана Ёжикова;Лесное хозяйство', 'Галина Шишкина;Шишкин лес', 'Тимур Рахимов;Рахимов Строй', 'Вера Подъячева;Школа танцев',
    ],
  },
  ukrainian: {
    encodings: ['windows-1251', 'x-mac-cyrillic'],
    header: "Ім'я;Компанія;Телефон;Пошта",
    rows: [
      'Олена Ковальчук;Київські каштани', 'Іван Їжак;Їжа для всіх', 'Євген Шевченко;Львівська кава', 'Оксана Гриценко;Запоріжсталь',
      'Богдан Лисенко;Зелений гай', 'Наталія Кравець;Швейна фабрика', 'Сергій Бондаренко;Дніпро Буд', 'Юлія Пилипенко;Хлібний дім',
      'Тарас Мельник;Млин', 'Ганна Щур;Щур і сини', 'Андрій Коцюба;Вінницькі соки', 'Любов Савчук;Аптека доброго дня',
    ],
  },
  serbian: {
    encodings: ['windows-1251', 'iso-8859-5'],
    header: 'Име;Фирма;Телефон;Е-пошта',
    rows: [
      'Јелена Јовановић;Грађевинар', 'Ђорђе Петровић;Београдска пекара', 'Љиљана Николић;Цвећара Ружа', 'Његош Џамић;Џамић и синови',
      'Милош Живковић;Железара', 'Снежана Илић;Апотека', 'Жељко Марковић;Нишка млекара', 'Весна Стојановић;Књижара',
      'Дејан Ћирић;Ћирић Превоз', 'Ана Крстић;Штампарија', 'Никола Лазић;Лазић Плус', 'Зоран Цветковић;Чачак Метал',
    ],
  },
  bulgarian: {
    encodings: ['windows-1251', 'x-mac-cyrillic'],
    header: 'Име;Фирма;Телефон;Имейл',
    rows: [
      'Георги Димитров;Българска роза', 'Мария Иванова;Търговска къща', 'Петър Стоянов;Хляб и сол', 'Йорданка Щерева;Електроразпределение',
      'Красимир Ангелов;Пловдив Строй', 'Живко Тодоров;Мебели Живко', 'Цветелина Крумова;Цветя', 'Румен Гълъбов;Гълъб ЕООД',
      'Десислава Пъшева;Дървообработка', 'Стефан Узунов;Винарна Мелник', 'Яна Божкова;Яна Тур', 'Никола Чакъров;Транспорт Чакър',
    ],
  },
  japanese: {
    encodings: ['shift_jis', 'euc-jp'],
    header: '氏名;会社名;電話番号;メールアドレス',
    rows: [
      '佐藤 花子;株式会社一番', '鈴木 一郎;ソニック電機', '高橋 健太;東京ポンプ工業', '田中 美咲;有限会社さくら',
      '渡辺 翔;ホンダ商事', '伊藤 さくら;表具師組合', '山本 大輔;日本ソフトウェア', '中村 結衣;大阪機械',
      '小林 拓也;能登酒造', '加藤 愛;名古屋運輸', '吉田 誠;北海道ミルク', '山田 太郎;十勝農園',
      '佐々木 葵;仙台テレビ', '山口 陽子;広島建設', '松本 直樹;ポプラ薬局', '井上 麻衣;みどり保育園',
      '木村 隆;予約センター', '林 真由美;ビルメンテナンス', '清水 浩;構造計画研究所', '斎藤 恵;貼箱製作所',
    ],
  },
  halfWidthKatakana: {
    encodings: ['shift_jis'],
    header: '氏名ｶﾅ;会社;電話;メール',
    rows: [
      'ｻﾄｳ ﾊﾅｺ;ｶ)ｲﾁﾊﾞﾝ', 'ｽｽﾞｷ ｲﾁﾛｳ;ｿﾆｯｸﾃﾞﾝｷ', 'ﾀｶﾊｼ ｹﾝﾀ;ﾄｳｷｮｳﾎﾟﾝﾌﾟ', 'ﾀﾅｶ ﾐｻｷ;ﾕ)ｻｸﾗ',
      'ﾜﾀﾅﾍﾞ ｼｮｳ;ﾎﾝﾀﾞｼｮｳｼﾞ', 'ｲﾄｳ ｻｸﾗ;ﾋｮｳｸﾞ', 'ﾔﾏﾓﾄ ﾀﾞｲｽｹ;ﾆﾎﾝｿﾌﾄ', 'ﾅｶﾑﾗ ﾕｲ;ｵｵｻｶｷｶｲ',
      'ｺﾊﾞﾔｼ ﾀｸﾔ;ﾉﾄｼｭｿﾞｳ', 'ｶﾄｳ ｱｲ;ﾅｺﾞﾔｳﾝﾕ', 'ﾖｼﾀﾞ ﾏｺﾄ;ﾎｯｶｲﾄﾞｳﾐﾙｸ', 'ﾔﾏﾀﾞ ﾀﾛｳ;ﾄｶﾁﾉｳｴﾝ',
    ],
  },
  chinese: {
    encodings: ['gb18030'],
    header: '姓名;公司;手机;邮箱',
    rows: [
      '王小明;北京科技有限公司', '李娜;华为技术', '张伟;上海机械厂', '刘洋;广州食品有限公司',
      '陈静;深圳电子', '杨光;成都火锅店', '赵敏;天津港务', '黄磊;武汉钢铁集团',
      '周杰;南京银行', '吴倩;杭州丝绸', '徐浩然;苏州园林设计院', '孙丽;西安旅行社',
      '马超;重庆汽车', '朱琳;青岛啤酒股份', '胡军;长沙建筑', '郭晓东;郑州物流',
      '何婷;厦门航空', '高峰;大连造船', '林雨欣;福州茶叶', '罗志强;昆明花卉',
    ],
  },
  taiwanese: {
    encodings: ['big5'],
    header: '姓名;公司;手機;電子郵件',
    rows: [
      '陳美玲;台北科技股份有限公司', '林志明;鴻運電子', '黃淑芬;高雄造船', '張家豪;臺中食品',
      '李雅婷;花蓮旅行社', '王建國;新竹半導體', '吳佩珊;成功書局', '劉俊傑;許氏建設',
      '蔡宗翰;永豐銀行', '楊麗華;功夫茶', '許文雄;蓋世汽車', '鄭惠如;枯木園藝',
      '謝孟儒;珮珮服飾', '洪瑞珍;餐廳聯盟', '郭怡君;聲寶電器', '邱顯達;琦玉珠寶',
    ],
  },
  korean: {
    encodings: ['euc-kr'],
    header: '이름;회사;전화;이메일',
    rows: [
      '김민수;한국전자 주식회사', '이영희;삼천리 자전거', '박지훈;서울우유', '최수진;부산해운',
      '정다은;대구섬유', '강현우;광주식품', '조은서;인천항만', '윤서준;제주감귤',
      '장미란;경기건설', '임재범;음악나라', '한지민;(주)새벽배달', '오세훈;울산중공업',
      '서예린;꽃집 봄날', '신동엽;방송기획', '권나라;나라여행사', '황정민;대전제과',
    ],
  },
};
