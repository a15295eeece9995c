/** What comes every month or week: invoices, the accountant, newsletters, reports of the server at night. */
import { invoice } from './attachments.ts'
import { escapeHtml } from './compose.ts'
import { backup, basia, halina, hosting, lichtbrief, lumen, zofia } from './people.ts'
import type { Placed } from './story.ts'

export function series(): Placed[] {
  return [...hostingInvoices(), ...accountant(), ...newsletters(), ...lichtbriefe(), ...nightReports(), ...oldYears()]
}

const two = (value: number) => String(value).padStart(2, '0')
const months = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => ({ year: from + at })).flatMap(({ year }) =>
    Array.from({ length: 12 }, (_, month) => ({ year, month: month + 1 })),
  )

function hostingInvoices(): Placed[] {
  return months(2023, 2025)
    .filter(({ year, month }) => year < 2025 || month < 11)
    .map(({ year, month }) => {
      const number = `EH/${year}/${two(month)}/2217`
      return {
        box: `Faktury/${year}`,
        flags: ['\\Seen', ...(month % 5 === 0 ? ['$Paid'] : [])],
        letter: {
          id: `hosting-${year}-${month}`,
          from: hosting,
          to: [zofia],
          at: `${year}-${two(month)}-03 04:1${month % 10} +0000`,
          subject: `Invoice ${number}`,
          text: `Dear customer,\n\nyour invoice ${number} for web space and mail of latarnia.example is attached. The amount will be collected in ten days.\n\nExample Hosting`,
          html: true,
          files: [
            invoice(
              number,
              'Example Hosting Ltd.',
              [
                ['Web space, 20 GB', 'EUR 6.00'],
                ['Mail, 3 accounts', 'EUR 4.50'],
              ],
              'EUR 10.50',
            ),
          ],
        },
      }
    })
}

function accountant(): Placed[] {
  const names = ['styczeń', 'luty', 'marzec', 'kwiecień', 'maj', 'czerwiec', 'lipiec', 'sierpień', 'wrzesień', 'październik', 'listopad', 'grudzień']
  return months(2024, 2025)
    .filter(({ year, month }) => year < 2025 || month < 11)
    .map(({ year, month }) => ({
      box: 'INBOX',
      flags: year === 2025 && month > 8 ? [] : ['\\Seen'],
      letter: {
        id: `podatki-${year}-${month}`,
        from: halina,
        to: [zofia],
        cc: [basia],
        at: `${year}-${two(month)}-17 08:3${month % 10} +0${month > 3 && month < 11 ? 2 : 1}00`,
        subject: `Podatki i ZUS – ${names[(month + 10) % 12]}`,
        text: `Pani Zosiu,\n\nza ${names[(month + 10) % 12]} do zapłaty: VAT ${1180 + ((month * 613 + year) % 2400)} zł do dwudziestego piątego, zaliczka na podatek ${340 + ((month * 127) % 900)} zł do dwudziestego. Brakuje mi jeszcze faktury za paliwo.\n\nPozdrawiam`,
        charset: month % 2 === 0 ? ('iso-8859-2' as const) : ('utf-8' as const),
        ...(month % 3 === 0 ? { html: true as const } : {}),
      },
    }))
}

const TOPICS = [
  [
    'How dark may a museum be?',
    'Visitors read well at fifty lux if their eyes had three minutes to get used to it. A corridor is cheaper than a lamp.',
  ],
  [
    'Flicker you cannot see',
    'Cameras see it, conservators measure it, and some visitors go home with a headache. What to ask a supplier before you order.',
  ],
  ['The colour of old paper', 'Warm light flatters it, cold light shows the damage. Three galleries that chose, and what they would do again.'],
  ['Light from paper', 'Washi, sailcloth, tracing paper: diffusers that are older than the electric lamp, and still better than most of plastic.'],
  ['Dimming without tears', 'Why the last five per cent of a dimmer cost as much as the other ninety-five, and when they are worth it.'],
  ['A lighthouse in a gallery', 'How to make an eighteenth-century lamp look alight without lighting it.'],
] as const

function newsletters(): Placed[] {
  return Array.from({ length: 44 }, (_, issue) => {
    const [title, lead] = TOPICS[issue % TOPICS.length] as (typeof TOPICS)[number]
    const when = new Date(Date.UTC(2024, 0, 5) + issue * 15 * 86_400_000)
    const number = issue + 61
    return {
      box: 'Listy/The Lumen Letter',
      flags: issue % 4 === 0 ? [] : ['\\Seen'],
      letter: {
        id: `lumen-${number}`,
        from: lumen,
        to: [zofia],
        at: `${when.toISOString().slice(0, 10)} 06:00 -0500`,
        subject: `The Lumen Letter #${number}: ${title}`,
        text: `${title}\n\n${lead}\n\nRead on: https://lumenletter.example/${number}\n\nYou get this letter because you asked for it. Unsubscribe: https://lumenletter.example/unsubscribe`,
        html: newsletterHtml(number, title, lead),
        headers: [
          ['List-Id', 'The Lumen Letter <letter.lumenletter.example>'],
          ['List-Unsubscribe', '<https://lumenletter.example/unsubscribe>'],
          ['Precedence', 'bulk'],
        ] as [string, string][],
      },
    }
  })
}

/** A newsletter as they are: tables, remote pictures, a counting pixel. None of the addresses exists. */
function newsletterHtml(number: number, title: string, lead: string): string {
  const others = TOPICS.filter(([other]) => other !== title).slice(0, 3)
  const rows = others.map(
    ([other, text]) =>
      `<tr><td style="padding:12px 24px;border-top:1px solid #eee"><b style="color:#8a5a00">${escapeHtml(other)}</b><br>${escapeHtml(text)}</td></tr>`,
  )
  return [
    '<html><head><style>body{background:#f4f1ea}a{color:#8a5a00}</style></head><body>',
    '<table width="600" align="center" cellpadding="0" cellspacing="0" style="background:#fff;font-family:Georgia,serif;color:#333">',
    '<tr><td style="background:#1d2a44;color:#f3c567;font-size:26px;padding:20px 24px">The Lumen Letter</td></tr>',
    `<tr><td><img src="https://img.lumenletter.invalid/${number}/head.jpg" width="600" height="180" alt="Cover picture"></td></tr>`,
    `<tr><td style="padding:20px 24px"><h1 style="font-size:22px;margin:0 0 8px">${escapeHtml(title)}</h1><p>${escapeHtml(lead)}</p><p><a href="https://lumenletter.example/${number}">Read on</a></p></td></tr>`,
    ...rows,
    `<tr><td style="padding:16px 24px;color:#999;font-size:12px">You get this letter because you asked for it.<img src="https://count.lumenletter.invalid/open?r=zofia&amp;n=${number}" width="1" height="1" alt=""></td></tr>`,
    '</table></body></html>',
  ].join('\n')
}

function lichtbriefe(): Placed[] {
  return Array.from({ length: 18 }, (_, issue) => ({
    box: 'Listy/Lichtbrief',
    flags: ['\\Seen'],
    letter: {
      id: `lichtbrief-${issue + 1}`,
      from: lichtbrief,
      to: [zofia],
      at: `${2024 + Math.floor(issue / 12)}-${two((issue % 12) + 1)}-01 07:30 +0100`,
      subject: `Lichtbrief ${issue + 1}: ${['Wärme ist keine Farbe', 'Über Schatten', 'Größe und Maß', 'Prüfung im Dunkeln'][issue % 4]}`,
      text: 'Liebe Leserinnen und Leser,\n\nin dieser Ausgabe geht es um das, was zwischen zwei Leuchten liegt. Außerdem: ein Besuch in der Straße der Lampenmacher, eine Übersicht über neue Normen und drei Bücher für lange Abende.\n\nEs grüßt herzlich\ndie Redaktion',
      charset: issue % 2 === 0 ? ('iso-8859-1' as const) : ('utf-8' as const),
      headers: [['List-Id', '<lichtbrief.lichtbrief.example>']] as [string, string][],
    },
  }))
}

function nightReports(): Placed[] {
  return Array.from({ length: 30 }, (_, night) => {
    const day = new Date(Date.UTC(2025, 8, 20) + night * 86_400_000).toISOString().slice(0, 10)
    const failed = night % 13 === 7
    return {
      box: 'Serwer',
      flags: failed ? ['\\Flagged'] : ['\\Seen'],
      letter: {
        id: `backup-${day}`,
        from: backup,
        to: [zofia],
        at: `${day} 02:1${night % 10} +0000`,
        subject: failed ? 'backup FAILED on nas' : 'backup ok on nas',
        text: failed
          ? `${day}: /volume/projects: disk usb-2 is not there\nnothing was written`
          : `${day}: /volume/projects: ${4100 + night * 37} files, ${180 + night} MB new\n${day}: /volume/mail: kept elsewhere`,
        headers: [['Auto-Submitted', 'auto-generated']] as [string, string][],
      },
    }
  })
}

/** The years before, from an older server in another zone. */
function oldYears(): Placed[] {
  const jobs = [
    ['Oświetlenie kapliczki', 'Kapliczka świeci, proboszcz zadowolony, rachunek w załączniku. Do zobaczenia przy następnej.'],
    ['Lampa do biblioteki', 'Zamówienie przyjęte, termin odbioru w przyszły wtorek. Abażur będzie zielony, jak prosiliście.'],
    ['Ausstellung im Speicher', 'Die Leuchten hängen, die Gäste kommen am Freitag. Könnten Sie den Dimmer noch einmal prüfen?'],
    ['Quotation for the reading room', 'Thank you for the quotation. The committee meets on the first Monday of the month and will let you know.'],
    ['Зал редких книг', 'Спасибо за консультацию. Свет в зале теперь мягкий, и читатели перестали приносить свои лампы.'],
    ['画廊灯光方案', '方案已经收到，客户很满意。下个月我们再讨论二楼的安排。'],
  ] as const
  return [2019, 2020, 2021, 2022].flatMap(year =>
    Array.from({ length: 14 }, (_, at) => {
      const [subject, text] = jobs[(at + year) % jobs.length] as (typeof jobs)[number]
      const month = 1 + ((at * 5) % 12)
      return {
        box: `Archive/${year}`,
        flags: ['\\Seen', ...(at % 6 === 0 ? ['\\Answered'] : [])],
        letter: {
          id: `old-${year}-${at}`,
          from: { name: ['Jan Przykład', 'Mia Muster', 'Sam Sample', 'Аня Пример', '王小明'][at % 5] as string, address: `klient${at}@example.net` },
          to: [zofia],
          at: `${year}-${two(month)}-${two(2 + at)} 1${at % 10}:2${at % 6} ${at % 2 ? '-0500' : '+0530'}`,
          subject: `${subject} (${year}/${at + 1})`,
          text,
          ...(at % 4 === 1 ? { transfer: 'base64' as const } : {}),
        },
      }
    }),
  )
}
