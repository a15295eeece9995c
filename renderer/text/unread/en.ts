/** Attachments that searches cannot look into. */
export const unread = {
  title: 'Attachments and search',
  waiting: { one: '{{n}} message has attachments still to be read', other: '{{n}} messages have attachments still to be read' },
  intro: 'The text of these attachments cannot be searched:',
  why: {
    encrypted: { one: '{{n}} is encrypted', other: '{{n}} are encrypted' },
    'image-only': { one: '{{n}} is a scan without text', other: '{{n}} are scans without text' },
    'too-large': { one: '{{n}} is too large to be read as a whole', other: '{{n}} are too large to be read as a whole' },
    damaged: { one: '{{n}} is damaged', other: '{{n}} are damaged' },
    'gave-up': { one: '{{n}} took too long to read', other: '{{n}} took too long to read' },
    format: { one: '{{n}} is in a format that is not read', other: '{{n}} are in a format that is not read' },
  },
  show: 'Show the messages',
  done: { one: 'Attachments of {{n}} message read', other: 'Attachments of {{n}} messages read' },
  envelope: {
    winmail: 'The letter within Outlook’s winmail.dat.',
    signed: 'The letter within an S/MIME signature. The signature was not checked.',
  },
}
