/** The project under way: a railway station. Drafts and things thrown away are here too. */
import { card, luxTable, photo, plan } from '../attachments.ts'
import type { Correspondent } from '../people.ts'
import { basia, grossmann, kurier, lin, sklep, tomasz, zofia } from '../people.ts'
import type { Story } from '../story.ts'

const BOX = 'Projekty/Dworzec & perony'
const architekt: Correspondent = {
  language: 'pl',
  name: 'Michał Grzyb',
  address: 'm.grzyb@architekci.example',
  signature: 'arch. Michał Grzyb\nGrzyb i Wspólnicy',
}
const conservator: Correspondent = {
  language: 'pl',
  name: 'Łucja Dąbek',
  address: 'l.dabek@zabytki.example',
  signature: 'Łucja Dąbek\nwojewódzki urząd ochrony zabytków',
}

export const station: Story[] = [
  {
    id: 'dworzec-zapytanie',
    box: BOX,
    subject: 'Dworzec: oświetlenie hali i dwóch peronów',
    between: [architekt],
    turns: [
      [
        architekt,
        '2025-03-10 09:12 +0100',
        'Dzień dobry,\n\nremontujemy dworzec z 1898 roku. Hala ma dwanaście metrów wysokości i żyrandol, którego nikt nie odważył się dotknąć od wojny. Perony mają spełniać normę, a hala ma zapierać dech. Czy zmieścimy się w jednym projekcie?',
        { files: [plan, card('Michał Grzyb', 'm.grzyb@architekci.example', 'Grzyb i Wspólnicy')], flags: ['\\Seen', '\\Answered', '\\Flagged'] },
      ],
      [zofia, '2025-03-10 12:30 +0100', 'Zmieścimy się, jeśli żyrandol dostanie własny rozdział. Kiedy można go zobaczyć z bliska?', { quote: true }],
      [architekt, '2025-03-11 08:40 +0100', 'W piątek o siódmej rano, zanim zacznie się ruch. Podnośnik zamówiony.'],
    ],
  },
  {
    id: 'dworzec-zyrandol',
    box: BOX,
    subject: 'Żyrandol: opinia konserwatorska',
    between: [architekt, conservator],
    turns: [
      [
        conservator,
        '2025-04-02 14:05 +0200',
        'Szanowni Państwo,\n\nżyrandol jest oryginalny i podlega ochronie. Dopuszczamy wymianę źródeł światła na diodowe pod warunkiem zachowania opraw, barwy najwyżej 2400 K i odwracalności wszystkich zmian.',
        { charset: 'windows-1250', flags: ['\\Seen', '\\Answered', '$Important'] },
      ],
      [
        zofia,
        '2025-04-03 10:10 +0200',
        'Wszystkie zmiany będą odwracalne: wkładamy nowe źródła w stare gwinty, nic nie wiercimy. Próbka barwy 2200 K w załączniku, na zdjęciu po lewej.',
        { files: [photo] },
      ],
      [conservator, '2025-04-07 09:00 +0200', 'Próbka jest piękna. Opinia pozytywna, pismo w drodze.', { quote: true, charset: 'windows-1250' }],
      [architekt, '2025-04-07 09:41 +0200', 'Otwieram coś musującego. Bezalkoholowego, jestem na budowie.', { html: true }],
    ],
  },
  {
    id: 'dworzec-perony',
    box: BOX,
    subject: 'Perony: pomiary po montażu',
    between: [architekt, tomasz],
    turns: [
      [
        tomasz,
        '2025-09-18 05:20 +0200',
        'Peron 1 zmierzony nocą, między ostatnim a pierwszym pociągiem. Średnio 52 luksy, równomierność 0,44. Tabela w załączniku. Idę spać.',
        { files: [luxTable] },
      ],
      [architekt, '2025-09-18 08:00 +0200', 'Norma spełniona z zapasem. Dziękuję i dobranoc!', { flags: ['\\Seen'] }],
      [
        tomasz,
        '2025-11-12 05:35 +0100',
        'Peron 2: średnio 50 luksów, równomierność 0,46. Jedna oprawa mruga, wymienię w piątek.',
        { files: [luxTable, photo], flags: [] },
      ],
    ],
  },
  {
    id: 'dworzec-transformator',
    box: 'Lieferanten/Nordlicht',
    subject: 'Notstromversorgung für den Bahnhof',
    between: [grossmann],
    turns: [
      [
        zofia,
        '2025-06-23 11:00 +0200',
        'Lieber Herr Großmann,\n\nfür einen Bahnhof brauchen wir eine Notstromversorgung für 84 Leuchten, eine Stunde lang. Gibt es eine Größe darunter, die in einen Schrank von 1898 passt?',
      ],
      [
        grossmann,
        '2025-06-24 08:20 +0200',
        'Liebe Frau Marczak,\n\nin einen Schrank von 1898 passt unser NS-4 mit abgeschraubten Füßen. Die Übersicht mit Maßen liegt bei. Bitte prüfen Sie die Türbreite, 58 cm sind das Mindestmaß.',
        { files: [plan], html: true, flags: ['\\Seen', '\\Answered'] },
      ],
      [zofia, '2025-06-24 12:05 +0200', 'Die Tür hat 61 cm. Wir bestellen zwei Stück, ohne Füße.', { quote: true }],
    ],
  },
  {
    id: 'lanhu-2025',
    box: '供应商/合同',
    subject: '新合同：LH-300 车站灯具',
    between: [lin],
    turns: [
      [
        lin,
        '2025-05-19 10:00 +0800',
        '您好！\n\n新一代 LH-300 已经通过防水测试，适合火车站月台使用。八十四个灯具的合同草稿请查收，价格和去年一样。\n\n如果月底前确认，七月可以交货。',
        { flags: ['\\Seen', '\\Answered'] },
      ],
      [zofia, '2025-05-20 09:00 +0200', 'Dear Ms Lin,\n\nconfirmed: 84 pieces, 3000 K, delivery in July. 非常感谢！'],
      [lin, '2025-07-14 09:20 +0800', '八十四个灯具今天发货，海运到格但斯克大约三十五天。发票随后寄出。', { html: true, charset: 'gb18030' }],
    ],
  },
  {
    id: 'szkice',
    box: 'Drafts',
    subject: 'Muzeum Portowe: galeria 5, pierwsze myśli',
    between: [tomasz],
    turns: [
      [
        zofia,
        '2025-10-02 22:10 +0200',
        'Tomek,\n\ntrzydzieści latarni, każda ma udawać, że się pali. Może',
        { box: 'Drafts', flags: ['\\Seen', '\\Draft'] },
      ],
    ],
  },
  {
    id: 'szkice-oferta',
    box: 'Drafts',
    subject: 'Offer: Gallery 5',
    between: [],
    turns: [
      [
        zofia,
        '2025-10-06 18:00 +0200',
        'Dear Eleanor,\n\nhere is our offer for Gallery 5. [figures from Basia]',
        { box: 'Drafts', flags: ['\\Draft', '\\Seen'], to: [] },
      ],
    ],
  },
  {
    id: 'kosz-reklama',
    box: 'Trash',
    subject: 'Wyprzedaż opraw sufitowych',
    between: [sklep],
    turns: [
      [
        sklep,
        '2025-10-11 07:00 +0200',
        'Tylko do niedzieli: oprawy sufitowe taniej o czterdzieści procent. Sprawdź w sklepie!',
        { html: true, flags: ['\\Seen', '\\Deleted'] },
      ],
      [sklep, '2025-11-02 07:00 +0100', 'Ostatnia szansa na oprawy sufitowe. Naprawdę ostatnia.', { html: true, flags: ['\\Seen'] }],
    ],
  },
  {
    id: 'sklep-zamowienie',
    box: 'INBOX',
    subject: 'Zamówienie 20417: części',
    between: [sklep],
    turns: [
      [
        sklep,
        '2025-07-07 13:33 +0200',
        'Dziękujemy za zamówienie 20417.\n\n12 × oprawka E27, porcelana\n40 m przewód tekstylny, złoty\n6 × haczyk sufitowy\n\nRazem: 418,60 zł.',
        { html: true },
      ],
      [sklep, '2025-07-09 09:05 +0200', 'Zamówienie 20417 zostało wysłane. Numer przesyłki: KB-9920-QA.', { html: true }],
    ],
  },
  {
    id: 'kurier-zyrandol',
    box: 'INBOX',
    subject: 'Przesyłka KB-9920-QA: w drodze',
    between: [kurier],
    turns: [
      [
        kurier,
        '2025-07-10 06:10 +0200',
        'Twoja przesyłka KB-9920-QA jest w drodze i dotrze dzisiaj.',
        { html: true, headers: [['Auto-Submitted', 'auto-generated']] },
      ],
    ],
  },
  {
    id: 'biuro-jutro',
    box: 'INBOX',
    subject: 'Jutro: klient z dworca o 10',
    between: [basia, tomasz],
    turns: [
      [
        basia,
        '2025-11-13 15:45 +0100',
        'Przypominam: jutro o dziesiątej pan Grzyb z dworca. Ciasto jest, kawa jest, proszę tylko posprzątać stół z prototypami.',
        { flags: [] },
      ],
      [
        tomasz,
        '2025-11-13 16:02 +0100',
        'Stół posprzątany. Prototypy leżą teraz na podłodze, wyglądają jak wystawa.',
        { flags: ['\\Flagged'], files: [photo] },
      ],
      [zofia, '2025-11-13 16:20 +0100', 'Zostawcie je tam, niech zobaczy wystawę.'],
    ],
  },
]
