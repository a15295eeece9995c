/** What a sync has noticed that is no error. */

const KEEP =
  'If it was not you, another program deletes what it fetches, and may one day be faster than the sync: let it leave messages on the server for some days.'

/** Of the code in a job's result (`notice`); empty for none. */
export function noticeText(code: unknown): string {
  if (code === 'pop3-emptied') return `The mailbox on the server is empty now; all that was there at the last sync is kept here. ${KEEP}`
  if (code === 'gmail-labels-hidden')
    return 'Some labels are not shown to mail programs. Their messages are captured, in All Mail; to have the labels too, tick "Show in IMAP" for them in the web settings of Gmail.'
  if (code === 'pop3-vanishing') return `Most of the messages that came lately are gone from the server; they are kept here. ${KEEP}`
  return ''
}
