/** The last weeks of the inbox: what one sees first. From everywhere, some of it unread. */
import { logo, meetingInvite, photo, plan, sketch } from '../attachments.ts'
import { basia, belova, finch, grossmann, lin, ola, pryce, sasaki, teatr, zofia } from '../people.ts'
import type { Story } from '../story.ts'

export const lately: Story[] = [
  {
    id: 'galeria-5',
    box: 'INBOX',
    subject: 'Gallery 5: thirty lighthouses, two radiators',
    between: [finch, pryce],
    turns: [
      [
        pryce,
        '2025-10-22 08:20 +0100',
        'Zofia,\n\nthe two eighteenth-century lanterns are made of horn, not glass. Horn does not mind light, but it minds warmth. Can your lamps look hot and be cold?',
        { flags: ['\\Seen', '\\Answered'] },
      ],
      [
        zofia,
        '2025-10-22 11:02 +0200',
        'They can: the warmth stays in the driver, two metres away. We will bring one and you may hold it for an hour.',
        { quote: true },
      ],
      [
        finch,
        '2025-11-10 09:45 +0000',
        'Owen held it for an hour and ten minutes and gave it back reluctantly. The trustees meet on the 27th, and I should like you to show them what we saw. Ten minutes, no slides, just the lamp.',
        {
          html: true,
          files: [meetingInvite('trustees-2025-11-27', '20251127T140000Z', '20251127T150000Z', 'Trustees, Gallery 5'), photo],
          flags: ['\\Flagged'],
        },
      ],
    ],
  },
  {
    id: 'swiatlo-wyklad',
    box: 'INBOX',
    subject: 'Zaproszenie: wykład o świetle, które nie szkodzi',
    between: [teatr],
    turns: [
      [
        teatr,
        '2025-10-28 10:10 +0100',
        'Pani Zofio,\n\nw styczniu robimy w teatrze wieczór o świetle. Czy opowie Pani o papugach, jeziorach i lampach, które nie grzeją? Honorarium skromne, kotka Faza w pierwszym rzędzie.',
        { html: true },
      ],
      [
        zofia,
        '2025-10-28 12:30 +0100',
        'Dla Fazy zawsze. Proszę o godzinę i o to, żeby nikt nie zapalał reflektorów przed końcem.',
        { files: [logo], html: letterhead() },
      ],
    ],
  },
  {
    id: 'nordlicht-jahresende',
    box: 'INBOX',
    subject: 'Liefertermine zum Jahresende',
    between: [grossmann],
    turns: [
      [
        grossmann,
        '2025-11-04 07:55 +0100',
        'Liebe Frau Marczak,\n\nunser Lager schließt am 19. Dezember für die Inventur. Was vorher hinaus soll, bestellen Sie bitte bis zum 5. Dezember. Das zweite Notstromgerät ist ab nächster Woche lieferbar, selbstverständlich ohne Füße.',
        { html: true, files: [plan] },
      ],
    ],
  },
  {
    id: 'lanhu-weihnachten',
    box: 'INBOX',
    subject: '新产品：可以弯曲的灯带',
    between: [lin],
    turns: [
      [
        lin,
        '2025-11-06 16:30 +0800',
        '马女士，您好！\n\n我们刚刚完成了一种可以弯曲的灯带，厚度只有三毫米，适合老灯塔的玻璃。样品可以在月底寄出，草图在附件里。\n\n您觉得博物馆的客户会喜欢吗？',
        { files: [sketch], flags: [] },
      ],
    ],
  },
  {
    id: 'hikari-kenkyu',
    box: 'INBOX',
    subject: 'ポーランド訪問のご相談',
    between: [sasaki],
    turns: [
      [
        sasaki,
        '2025-11-07 14:05 +0900',
        'マルチャク様\n\nご無沙汰しております。来年の春、工房の者と二人でポーランドを訪ねる予定です。舞台で使われたランタンと、駅の照明をぜひ拝見したいのですが、四月のご都合はいかがでしょうか。',
        { flags: [] },
      ],
    ],
  },
  {
    id: 'mayak-vesna',
    box: 'INBOX',
    subject: 'Весенняя выставка: фарфор',
    between: [belova],
    turns: [
      [
        belova,
        '2025-11-11 11:40 +0500',
        'Зофия, здравствуйте!\n\nВесной у нас фарфор, двести предметов, и все отражают всё. Можно ли сделать так, чтобы люди видели чашки, а не лампы? Смета нужна до Нового года.',
        { flags: ['\\Flagged'] },
      ],
    ],
  },
  {
    id: 'ola-urodziny',
    box: 'INBOX',
    subject: 'w sobotę u mnie?',
    between: [ola],
    turns: [
      [
        ola,
        '2025-11-12 21:10 +0100',
        'Tort będzie z bezą, świeczek tyle, ile trzeba, i proszę nie mierzyć luksów. Weź Tomka, niech przyniesie gitarę.',
        { flags: [] },
      ],
      [zofia, '2025-11-13 07:45 +0100', 'Będziemy. Luksomierz zostaje w domu, słowo.'],
    ],
  },
  {
    id: 'biuro-drukarka',
    box: 'INBOX',
    subject: 'Nowa drukarka działa!!!',
    between: [basia],
    turns: [
      [
        basia,
        '2025-11-14 09:02 +0100',
        'Działa. Drukuje w kolorze, po obu stronach i bez proszenia. Nazwałam ją Faza II.',
        { html: true, flags: [] },
      ],
    ],
  },
]

function letterhead(): string {
  return [
    '<html><body style="font-family:Georgia,serif;color:#222">',
    '<table style="border-bottom:2px solid #d9a441;margin-bottom:16px"><tr><td><img src="cid:logo@latarnia.example" width="96" height="32" alt="Latarnia"></td><td style="padding-left:12px;color:#777">Pracownia Latarnia</td></tr></table>',
    '<p>Dla Fazy zawsze. Proszę o godzinę i o to, żeby nikt nie zapalał reflektorów przed końcem.</p>',
    '<p>Zofia Marczak</p>',
    '</body></html>',
  ].join('\n')
}
