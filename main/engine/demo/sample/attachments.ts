/** The files that go to and fro in the stories. Made once: the same contract sent five times is the same bytes. */
import type { Attached } from './compose.ts'
import { docx, drawings, pdf, png, type Rgb } from './files.ts'

const PDF = 'application/pdf'
const PNG = 'image/png'
const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

const clauses = (count: number, from: number) =>
  Array.from(
    { length: count },
    (_, at) =>
      `${from + at}. The Contractor shall keep the illuminance on every exhibit under the level stated\n    in Schedule ${1 + ((from + at) % 4)} and shall record it on the day of opening and every six months after.`,
  ).join('\n\n')

export const contract: Attached = {
  name: 'Harbour Museum - lighting contract v3.pdf',
  type: PDF,
  bytes: pdf(
    'Lighting contract',
    Array.from(
      { length: 14 },
      (_, page) => `THE HARBOUR MUSEUM / PRACOWNIA LATARNIA\nLighting contract, page ${page + 1} of 14\n\n${clauses(14, page * 14 + 1)}`,
    ),
  ),
}

export const contractDraft: Attached = {
  name: 'Umowa – projekt z uwagami.docx',
  type: DOCX,
  bytes: docx([
    'UMOWA O WYKONANIE OŚWIETLENIA WYSTAWY',
    ...Array.from(
      { length: 60 },
      (_, at) => `§ ${at + 1}. Wykonawca utrzymuje natężenie światła na obiekcie poniżej wartości z załącznika nr ${1 + (at % 4)}.`,
    ),
  ]),
}

/** Shared by museum, workshop and supplier again and again: what storing an attachment once is for. */
export const plan: Attached = { name: 'gallery-2-drawings.zip', type: 'application/zip', bytes: drawings('gallery-2/section-A.dwg', 640_000) }

export const datasheet: Attached = {
  name: '蓝湖 LH-240 规格书.pdf',
  type: PDF,
  bytes: pdf(
    'LH-240 data sheet',
    Array.from(
      { length: 6 },
      (_, page) =>
        `LH-240 track spotlight, data sheet page ${page + 1}\n\n${Array.from({ length: 36 }, (_, row) => `${String(row + 1).padStart(2)}  ${2700 + 100 * (row % 14)} K   CRI ${94 + (row % 5)}   ${(6 + row * 0.25).toFixed(2)} W   ${380 + row * 11} lm   beam ${8 + (row % 9) * 4} deg`).join('\n')}`,
    ),
  ),
}

export const logo: Attached = { name: 'latarnia.png', type: PNG, cid: 'logo@latarnia.example', bytes: png(96, 32, lamp) }

export const photo: Attached = { name: 'Gallery 2 test hang.png', type: PNG, bytes: png(220, 150, gallery) }

export const sketch: Attached = { name: '草图.png', type: PNG, bytes: png(120, 90, (x, y) => gallery(x * 1.8, y * 1.6)) }

export const luxTable: Attached = {
  name: 'lux readings.csv',
  type: 'text/csv',
  bytes: Buffer.from(
    `case,object,lux,limit\r\n${Array.from({ length: 40 }, (_, at) => `${1 + Math.floor(at / 4)},HM-${1900 + at * 3},${38 + ((at * 7) % 15)},50`).join('\r\n')}\r\n`,
  ),
}

export const meetingInvite = (uid: string, start: string, end: string, summary: string): Attached => ({
  name: 'invite.ics',
  type: 'text/calendar',
  bytes: Buffer.from(
    `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Sample//EN\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:${uid}@harbourmuseum.example\r\nDTSTAMP:${start}\r\nDTSTART:${start}\r\nDTEND:${end}\r\nSUMMARY:${summary}\r\nORGANIZER:mailto:eleanor.finch@harbourmuseum.example\r\nATTENDEE:mailto:zofia@latarnia.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`,
    'utf8',
  ),
})

export const card = (name: string, address: string, organisation: string): Attached => ({
  name: `${name}.vcf`,
  type: 'text/vcard',
  bytes: Buffer.from(`BEGIN:VCARD\r\nVERSION:4.0\r\nFN:${name}\r\nORG:${organisation}\r\nEMAIL:${address}\r\nEND:VCARD\r\n`, 'utf8'),
})

export function invoice(number: string, seller: string, lines: [what: string, amount: string][], total: string): Attached {
  const rows = lines.map(([what, amount]) => `${what.padEnd(60, '.')} ${amount.padStart(12)}`).join('\n')
  return {
    name: `${number.replaceAll('/', '-')}.pdf`,
    type: PDF,
    bytes: pdf(number, [`${seller}\n\nINVOICE ${number}\n\n${rows}\n\n${'TOTAL'.padEnd(60, '.')} ${total.padStart(12)}`]),
  }
}

/** A lamp in a dark sky: the workshop's sign. */
function lamp(x: number, y: number): Rgb {
  const glow = Math.max(0, 1 - Math.hypot(x - 16, y - 12) / 26)
  const tower = x > 12 && x < 20 && y > 14 ? 0.9 : 0
  return [24 + 220 * glow + 120 * tower, 40 + 170 * glow + 110 * tower, 78 + 60 * glow + 100 * tower]
}

/** A wall with three frames, each under a cone of light. */
function gallery(x: number, y: number): Rgb {
  const frame = [35, 110, 185].find(centre => Math.abs(x - centre) < 22 && y > 48 && y < 108)
  const light = [35, 110, 185].reduce((sum, centre) => sum + Math.max(0, 1 - Math.abs(x - centre) / (8 + y * 0.32)) * Math.max(0, 1 - y / 190), 0)
  if (y > 128) return [92 + 30 * light, 74 + 24 * light, 58 + 16 * light]
  if (frame !== undefined) return [70 + 2 * (y - 48) + 50 * light, 90 + (x - frame) * 2 + 40 * light, 130 - (y - 48) + 30 * light]
  return [58 + 150 * light, 60 + 138 * light, 68 + 104 * light]
}
