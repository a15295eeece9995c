/** The workshop's own days: the accountant, the theatre, the office, a sister. Mostly Polish. */
import { contractDraft, logo, photo } from '../attachments.ts'
import { basia, halina, kurier, ola, teatr, tomasz, zofia } from '../people.ts'
import type { Story } from '../story.ts'

const TEATR = 'Projekty/Teatr „Żółta Żaba”'

export const office: Story[] = [
  {
    id: 'teatr-premiera',
    box: TEATR,
    subject: 'Światło do premiery „Zażółć gęślą jaźń”',
    between: [teatr],
    turns: [
      [
        teatr,
        '2024-04-15 11:20 +0200',
        'Pani Zofio,\n\nwe wrześniu gramy premierę i reżyserka chce, żeby scena wyglądała jak jezioro o świcie. Mamy trzydzieści reflektorów, z czego połowa pamięta jeszcze moją maturę. Czy podejmie się Pani projektu światła?',
        { charset: 'iso-8859-2', flags: ['\\Seen', '\\Answered', '\\Flagged'] },
      ],
      [
        zofia,
        '2024-04-15 14:05 +0200',
        'Pani Grażyno,\n\njezioro o świcie to moje ulubione zamówienie. Przyjedziemy w czwartek obejrzeć scenę. Proszę przygotować plan sztankietów i klucz do dimmerowni.',
        { files: [logo], html: logoHtml() },
      ],
      [
        teatr,
        '2024-04-16 08:50 +0200',
        'Klucz jest, plan też, tylko dimmerownia ma nowego mieszkańca: kotkę Fazę. Proszę nie zamykać drzwi.',
        { quote: true },
      ],
      [
        tomasz,
        '2024-04-18 18:30 +0200',
        'Obejrzane. Z trzydziestu reflektorów świeci jedenaście, reszta do remontu albo do muzeum. Lampiony z Japonii dałyby to miękkie światło na wodzie. Zdjęcia w załączniku, Faza na trzecim.',
        { files: [photo], to: [zofia] },
      ],
      [
        zofia,
        '2024-04-19 09:40 +0200',
        'Proponujemy dwanaście lampionów z papieru washi, osiem nowych reflektorów i remont jedenastu starych. Wycena do piątku.',
        { to: [teatr] },
      ],
      [
        teatr,
        '2024-09-14 23:55 +0200',
        'Owacja na stojąco. W recenzji napisali: „światło grało główną rolę”. Dziękujemy całej Pracowni! Faza też.',
        { flags: ['\\Seen', '\\Flagged', 'premiera'] },
      ],
    ],
  },
  {
    id: 'teatr-umowa',
    box: TEATR,
    subject: 'Umowa i zaliczka',
    between: [teatr, basia],
    turns: [
      [
        teatr,
        '2024-05-06 10:00 +0200',
        'W załączniku umowa z naszymi poprawkami. Dyrektor prosi o fakturę zaliczkową na trzydzieści procent.',
        { files: [contractDraft], charset: 'windows-1250' },
      ],
      [basia, '2024-05-06 12:20 +0200', 'Faktura zaliczkowa wystawiona i wysłana. Pozdrawiam serdecznie!', { html: true }],
      [teatr, '2024-05-08 09:15 +0200', 'Przelew wyszedł dzisiaj rano.', { charset: 'windows-1250' }],
    ],
  },
  {
    id: 'biuro-urlop',
    box: 'INBOX',
    subject: 'Urlopy w wakacje',
    between: [basia, tomasz],
    turns: [
      [
        basia,
        '2025-05-12 08:30 +0200',
        'Kochani, wpiszcie do piątku swoje urlopy do tabeli, bo znowu wszyscy wyjadą w tym samym tygodniu i zostanę sama z drukarką.',
      ],
      [tomasz, '2025-05-12 09:01 +0200', 'Ja w lipcu, od czternastego, dwa tygodnie. Drukarka niech też weźmie urlop.', { quote: true }],
      [zofia, '2025-05-12 09:30 +0200', 'Sierpień, od drugiego do szesnastego. Basiu, nową drukarkę zamówiłam.'],
      [basia, '2025-05-12 09:33 +0200', 'Mogę was oboje uściskać. Drukarki nie będę.', { flags: ['\\Seen'] }],
    ],
  },
  {
    id: 'biuro-kontrola',
    box: 'INBOX',
    subject: 'Kontrola: proszę o korespondencję z 2023 roku',
    between: [halina],
    turns: [
      [
        halina,
        '2025-10-20 09:05 +0200',
        'Pani Zosiu,\n\nurząd prosi o całą korespondencję w sprawie umowy z Muzeum Portowym z 2023 roku, razem z załącznikami, w takiej postaci, w jakiej przyszła. Czy ma to Pani jeszcze? Serwer, o ile pamiętam, kasuje pocztę po dwóch latach.',
        { flags: ['\\Flagged'] },
      ],
      [
        zofia,
        '2025-10-20 11:40 +0200',
        'Pani Halino, mam wszystko w archiwum, bajt w bajt. Wyeksportuję cały folder i prześlę jeszcze dzisiaj.',
        { quote: true },
      ],
      [halina, '2025-10-21 08:15 +0200', 'Przyszło kompletne. Pani urzędniczka zapytała, czy może u Pani pracować. Dziękuję!', { flags: [] }],
    ],
  },
  {
    id: 'kurier-probki',
    box: 'INBOX',
    subject: 'Przesyłka KB-4471-ZX: doręczenie jutro',
    between: [kurier],
    turns: [
      [
        kurier,
        '2023-09-27 17:05 +0200',
        'Twoja przesyłka KB-4471-ZX zostanie doręczona jutro między 9:00 a 13:00. Nadawca: Lanhu Optoelectronics. Nie odpowiadaj na tę wiadomość.',
        { html: true, headers: [['Auto-Submitted', 'auto-generated']] },
      ],
      [
        kurier,
        '2023-09-28 10:52 +0200',
        'Przesyłka KB-4471-ZX została doręczona. Odebrała: Ćwik.',
        { html: true, headers: [['Auto-Submitted', 'auto-generated']] },
      ],
    ],
  },
  {
    id: 'ola-urlop',
    box: 'Prywatne/Urlop i podróże',
    subject: 'Bieszczady?',
    between: [ola],
    turns: [
      [
        ola,
        '2025-06-01 20:15 +0200',
        'Zoś, domek koło Cisnej jest wolny od 2 sierpnia! Bez prądu, więc nie będziesz miała czego oświetlać. Bierzemy?',
      ],
      [zofia, '2025-06-01 21:40 +0200', 'Bierzemy. Latarkę i tak zabieram, przyzwyczajenie.'],
      [ola, '2025-08-18 19:00 +0200', 'Zdjęcia z połoniny. To drugie to nie UFO, tylko twoja latarka.', { files: [photo], html: true }],
    ],
  },
  {
    id: 'ola-przepis',
    box: 'Prywatne/Urlop i podróże',
    subject: 'przepis na żurek babci',
    between: [ola],
    turns: [
      [
        ola,
        '2021-03-28 13:22 +0200',
        'Zakwas: pół szklanki mąki żytniej, czosnek, liść laurowy, pięć dni w cieple. Reszta wg uznania, byle z majerankiem. Jajko na końcu, łyżka chrzanu obowiązkowo.',
        { charset: 'windows-1250', transfer: '8bit' },
      ],
    ],
  },
]

/** The workshop's letterhead, with its sign as an image inside the message. */
function logoHtml(): string {
  return [
    '<html><body style="font-family:Georgia,serif;color:#222">',
    '<table style="border-bottom:2px solid #d9a441;margin-bottom:16px"><tr><td><img src="cid:logo@latarnia.example" width="96" height="32" alt="Latarnia"></td><td style="padding-left:12px;color:#777">Pracownia Latarnia</td></tr></table>',
    '<p>Pani Grażyno,</p>',
    '<p>jezioro o świcie to moje ulubione zamówienie. Przyjedziemy w czwartek obejrzeć scenę.</p>',
    '<ul><li>plan sztankietów</li><li>klucz do dimmerowni</li></ul>',
    '<p>Zofia Marczak</p>',
    '</body></html>',
  ].join('\n')
}
