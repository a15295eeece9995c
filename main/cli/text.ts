/** What an error means, in three sentences: what happened, what is safe, what to do. The window has its own, in its languages. */
import type { AppError, ErrorCode, ErrorFacts } from '../contract/errors.ts'
import { bytes, date, duration, printable } from './format.ts'

export interface Explained {
  happened: string
  safe: string
  todo: string
}

type Sentences = readonly [happened: string, safe: string, todo: string]
/** A fact in the middle of a sentence, or the words that stand in for it. */
type Say = (name: string, otherwise: string) => string

const KEPT = 'Nothing that was saved before is affected.'
const UNCHANGED = 'Nothing was changed.'
const RESUMES = 'Everything captured until now is saved; the next sync goes on from there.'

export function explain(error: AppError): Explained {
  const [happened, safe, todo] = sentences[error.code](sayer(error.facts), error.facts)
  return { happened: tidy(happened), safe: tidy(safe), todo: tidy(todo) }
}

/** A fact that is not there leaves a gap between two words, or before the full stop. */
function tidy(sentence: string): string {
  return sentence.replace(/ {2,}/g, ' ').replace(/ \./g, '.')
}

const sentences: Record<ErrorCode, (say: Say, facts: ErrorFacts) => Sentences> = {
  // You, at the server
  'auth-failed': say => [
    `The server ${say('host', 'of the account')} refused the name or the password.`,
    RESUMES,
    'Check the user name, and set the password with `mailcoffer account change`.',
  ],
  'auth-needs-app-password': say => [
    `The server ${say('host', 'of the account')} wants an app password, not the password you log in with on its web pages.`,
    RESUMES,
    "Create an app password in your provider's security settings, then set it with `mailcoffer account change`.",
  ],
  'imap-disabled': say => [
    `IMAP is switched off for this account at ${say('host', 'the provider')}.`,
    RESUMES,
    "Switch IMAP on in the mail settings on your provider's web pages, then try again.",
  ],
  'pop3-disabled': say => [
    `POP3 is switched off for this account at ${say('host', 'the provider')}.`,
    RESUMES,
    "Switch POP3 on in the mail settings on your provider's web pages, then try again.",
  ],
  'account-blocked': say => [
    `The provider has blocked this account's access at ${say('host', 'its server')}.`,
    RESUMES,
    'Log in on the web pages of your provider; they say why, and how to lift it.',
  ],
  'gmail-no-all-mail': () => [
    'Gmail hides the folder "All Mail" from mail programs.',
    'Everything with a label is captured; archived mail without a label cannot be seen from here.',
    'In the web settings of Gmail, under Labels, tick "Show in IMAP" for All Mail, then run the sync again.',
  ],
  'gmail-limited': say => [
    `Gmail shows no more than ${say('limit', 'so many')} messages of each folder to mail programs.`,
    'No message was taken for deleted; whatever was captured before is kept.',
    'In the web settings of Gmail, under Forwarding and POP/IMAP, choose not to limit the size of folders.',
  ],
  'newest-only': say => [
    `The server shows only the newest ${say('limit', 'so many')} messages of ${say('mailbox', 'a folder')}.`,
    'No message was taken for deleted; whatever was captured before is kept.',
    'Take the server that `mailcoffer account change --provider` knows for this provider: it shows all of them.',
  ],
  'tls-untrusted': say => [
    `The certificate of ${say('host', 'the server')} is not one that this computer trusts, so the password was not sent.`,
    UNCHANGED,
    'Check the host name. If the certificate is known to you, name its authority with --ca, or the certificate itself with --pin.',
  ],
  'tls-pin-mismatch': say => [
    `${say('host', 'The server')} showed another certificate than the one that was pinned, so the password was not sent.`,
    UNCHANGED,
    'Ask whoever runs the server whether its certificate was renewed; then set the new one with `mailcoffer account change NAME --pin`.',
  ],
  'plaintext-refused': say => [
    `The connection to ${say('host', 'the server')} would not be protected, so the password was not sent.`,
    UNCHANGED,
    'Use --security tls or starttls. If you know that nobody can listen on the way, --allow-plain permits it.',
  ],
  'sign-in-needed': say => [
    `The provider ${say('provider', 'of the account')} wants you to sign in again.`,
    RESUMES,
    'Sign in with `mailcoffer account change NAME --sign-in PROVIDER`.',
  ],
  'sign-in-no-client': say => [
    `Mailcoffer is not registered with the provider ${say('provider', 'of the account')}: there is no client ID to sign in with.`,
    UNCHANGED,
    'Ask whoever looks after your mail, or register one (see the guide, "Signing in"), and give it with `mailcoffer sign-in set PROVIDER --client-id ID`.',
  ],
  // The server
  'server-refused': say => [
    `${say('host', 'The server')} refused what was asked.`,
    RESUMES,
    'Try again later; if it stays so, ask whoever runs the server.',
  ],
  'server-unavailable': say => [`${say('host', 'The server')} says that it cannot serve the account at the moment.`, RESUMES, 'Try again later.'],
  'server-throttled': (say, facts) => [
    `${say('host', 'The server')} has had enough of us for a while.`,
    RESUMES,
    facts['retryAfterMs']
      ? `Try again in ${duration(Number(facts['retryAfterMs']) / 1000)}.`
      : 'Try again in an hour, or let `sync --watch` wait for it.',
  ],
  'server-lied': say => [
    `${say('host', 'The server')} gave answers that contradict each other.`,
    'Only what could be proven was recorded; no message was taken for deleted.',
    'Run the sync again. If it stays so, a report with engine.log from the profile helps.',
  ],
  'server-not-imap': say => [
    `What answers at ${say('host', 'the server')} port ${say('port', 'given')} does not speak IMAP.`,
    UNCHANGED,
    'Check host and port: IMAP is usually at 993 with tls.',
  ],
  'server-not-pop3': say => [
    `What answers at ${say('host', 'the server')} port ${say('port', 'given')} does not speak POP3.`,
    UNCHANGED,
    'Check host and port: POP3 is usually at 995 with tls.',
  ],
  'starttls-missing': say => [
    `${say('host', 'The server')} does not offer STARTTLS, so the password was not sent.`,
    UNCHANGED,
    'Try --security tls with port 993.',
  ],
  'mailbox-unavailable': say => [`The mailbox ${say('mailbox', '')} cannot be opened on the server.`, RESUMES, 'It is tried again at the next sync.'],
  'message-unavailable': () => [
    'The server lists this message and does not hand it out.',
    'It is noted as missing until it could be had.',
    'It is tried again at the next sync.',
  ],
  'mailbox-full': say => [
    `The mailbox at ${say('host', 'the server')} is full${say('serverSays', '') && `: ${say('serverSays', '')}`}.`,
    'What was put back until now is there; nothing is there twice.',
    'Make room on the server, then run the same restore again: it goes on where it was.',
  ],
  'message-too-big': say => [
    `This message is larger than ${say('host', 'the server')} accepts${say('serverSays', '') && `: ${say('serverSays', '')}`}.`,
    'It stays in the archive, byte for byte.',
    'Write it to a file with `mailcoffer show --raw`, or restore it to a server that takes larger messages.',
  ],
  'message-refused': say => [
    `${say('host', 'The server')} did not accept this message${say('serverSays', '') && `: ${say('serverSays', '')}`}.`,
    'It stays in the archive, byte for byte; the others went on.',
    'What the server says tells the reason.',
  ],
  'mailbox-read-only': say => [
    `The mailbox ${say('mailbox', '')} on the server can only be read, so nothing can be put into it.`,
    'Nothing of it was changed; all other mailboxes went on.',
    'Ask its owner for the right to write there, or put the mail back below a folder of your own with --prefix.',
  ],
  'message-has-nul': say => [
    `This message has NUL bytes, and ${say('host', 'the server')} has no way to take them (it lacks BINARY).`,
    'It stays in the archive, byte for byte; the others went on.',
    'Write it to a file with `mailcoffer show --raw`, or restore it to a server that offers BINARY.',
  ],
  'message-changed': say => [
    `${say('host', 'The server')} keeps this message with other bytes than it was given.`,
    'The archive has the original, byte for byte; the message is on the server.',
    'Nothing has to be done to read it there. Signatures may no longer be valid there.',
  ],
  // The network between
  offline: () => ['This computer is not connected to the network.', RESUMES, 'Connect, then run the sync again.'],
  'host-not-found': say => [`There is no server called ${say('host', 'that')}.`, RESUMES, 'Check the host name, and that this computer is online.'],
  'connection-refused': say => [
    `Nothing answers at ${say('host', 'the server')} port ${say('port', 'given')}.`,
    RESUMES,
    'Check host and port, or try again later.',
  ],
  'connection-timeout': say => [
    `${say('host', 'The server')} did not answer in time.`,
    RESUMES,
    'Try again later. A firewall on the way may also be the reason.',
  ],
  'connection-lost': say => [`The connection to ${say('host', 'the server')} broke.`, RESUMES, 'Run the sync again.'],
  'tls-failed': say => [
    `No protected connection to ${say('host', 'the server')} came about.`,
    UNCHANGED,
    'Check port and security: 993 goes with tls, 143 with starttls.',
  ],
  // You, at this computer
  'wrong-password': () => ['This is not the password.', UNCHANGED, 'Try again. An archive can also be opened with its recovery code.'],
  'wrong-recovery-code': (_, { mistyped, group }) =>
    mistyped
      ? [
          group ? `There is a mistake in group ${group} of the recovery code.` : 'The recovery code has a mistake in it.',
          UNCHANGED,
          'Compare it with your sheet: nine groups of four; it has no letters I, L, O or U.',
        ]
      : ['This is a recovery code, but not the one of this archive.', UNCHANGED, 'Look for the sheet of this archive; each has its own.'],
  'weak-password': say => [`A password needs at least ${say('least', '8')} characters.`, UNCHANGED, 'Choose a longer one; a few words are good.'],
  'profile-missing': say => [
    `There is no profile in ${say('path', say('dir', 'this place'))} yet.`,
    UNCHANGED,
    '`mailcoffer archive create NAME` makes one, or say where it is with --profile.',
  ],
  'profile-exists': say => [
    `There is a profile in ${say('dir', 'this place')} already.`,
    UNCHANGED,
    'Use its password, or name another folder with --profile.',
  ],
  'profile-locked': () => [
    'The password of the profile is needed, and there is nobody to ask for it.',
    UNCHANGED,
    'Give it with --password-file or in MAILCOFFER_PASSWORD.',
  ],
  'no-keychain': () => ["This computer's keychain does not open the profile.", UNCHANGED, 'Use the password.'],
  'archive-in-use': say => [
    `Another process is using the archive ${say('path', '')}.`,
    'Both it and the archive are unharmed.',
    'Wait until it has finished, or close the window of Mailcoffer, then try again.',
  ],
  'archive-unknown': say => [
    `There is no archive called "${say('name', '?')}" in this profile.`,
    UNCHANGED,
    '`mailcoffer archive list` shows the names. A search for several words needs quotation marks around them.',
  ],
  'archive-locked': () => [
    'This profile does not have the key of the archive.',
    UNCHANGED,
    'Open it with its own password or its recovery code: `mailcoffer archive open DIR`.',
  ],
  'name-taken': say => [`The name "${say('name', '?')}" is taken.`, UNCHANGED, 'Choose another name.'],
  'account-missing': say => [
    say('variable', '')
      ? "The account's password is needed, and there is nobody to ask for it."
      : 'This archive has no account, or its password is not known here.',
    KEPT,
    say('variable', '')
      ? 'Give it with --account-password-file or in MAILCOFFER_ACCOUNT_PASSWORD.'
      : 'Add it with `mailcoffer account add`, or set the password with `mailcoffer account change`.',
  ],
  'folder-not-empty': say => [
    `The folder ${say('path', '')} is not empty.`,
    'Nothing in it was touched.',
    'Name an empty folder, or one that does not exist yet.',
  ],
  'archive-is-copy': say => [
    `The folder ${say('path', '')} is a copy of an archive.`,
    'Nothing in it was changed.',
    'Open the archive itself. If that is lost: `mailcoffer archive close` it, `archive open` the copy, then `copies take-over`.',
  ],
  'import-unreadable': say => [
    `${say('path', 'A file')} could not be read as mail.`,
    'Nothing was changed in it, and everything else was taken.',
    'Open it with the program it comes from and save it again, or leave it out.',
  ],
  'drive-unreliable': say => [
    `The drive at ${say('path', 'the destination')} gives back other bytes than were written to it.`,
    'The archive is not affected, and what was proven on the copy before still is.',
    'Try another cable or port; if it happens again, use another drive.',
  ],
  'not-found': say => [`There is no ${say('what', 'such thing')}.`, UNCHANGED, 'Check the name; `mailcoffer mailboxes ARCHIVE` lists the mailboxes.'],
  'read-only': say => [
    `${say('path', 'The folder')} cannot be written to.`,
    KEPT,
    'Reading and searching work. Make it writable (a switch on the drive, the rights on the share), or use another place.',
  ],
  'permission-denied': say => [
    `This user may not access ${say('path', 'the file')}.`,
    KEPT,
    'Change the permissions, or run as the user it belongs to.',
  ],
  'disk-full': (say, facts) => [
    `The disk${say('path', '') && ` of ${say('path', '')}`} is full.`,
    'Everything up to then is saved and whole.',
    facts['needed'] ? `Make ${bytes(Number(facts['needed']))} of room, then run it again.` : 'Make room, then run it again.',
  ],
  'destination-missing': say => [
    `The folder ${say('path', '')} is not there.`,
    'Nothing was lost.',
    'Connect the drive, or check the path, then try again.',
  ],
  'destination-other': say => [
    `What was written to is not at ${say('path', 'its place')} now: the drive is away or was emptied, or it is another one.`,
    'Nothing was written there in its place, and the archive is not affected.',
    'Connect the right drive. If it was emptied, begin anew.',
  ],
  'invalid-input': say => [say('problem', 'The input cannot be used.'), UNCHANGED, 'See `--help` of the command.'],
  'runtime-too-old': say => [
    `This program needs a newer Node.js than ${say('node', process.versions.node)}.`,
    UNCHANGED,
    'Install Node.js 24, or run `npm ci` in the checkout, which brings one on Linux.',
  ],
  cancelled: () => ['Cancelled.', 'Everything done until then is saved.', 'Run it again to go on.'],
  interrupted: () => [
    'Mailcoffer ended before this did.',
    'What was finished until then is there and whole.',
    'Run the same again: it goes on, and does nothing twice.',
  ],
  'day-budget': (_, facts) => [
    `Today's share of what may be fetched from this provider is used${typeof facts['perDay'] === 'number' ? ` (${bytes(facts['perDay'])} a day)` : ''}.`,
    RESUMES,
    'Run it again tomorrow, or let `sync --watch` wait for it. `mailcoffer account limits` shows and changes it.',
  ],
  'day-budget-up': (_, facts) => [
    `Today's share of what may be sent to this provider is used${typeof facts['perDay'] === 'number' ? ` (${bytes(facts['perDay'])} a day)` : ''}.`,
    'What was put back until now is there; nothing is there twice.',
    'It goes on tomorrow, also when the same restore is run again then.',
  ],
  'over-day-limit': () => [
    'This message is larger than all that may go over the line in a day.',
    'It stays in the archive, byte for byte; the others went on.',
    'Raise the limit with `mailcoffer account limits`, then run the restore again.',
  ],
  'on-battery': () => [
    'This computer runs on battery, and capture is to wait then.',
    RESUMES,
    'It goes on with mains power; `mailcoffer account limits` changes the rule.',
  ],
  'on-metered': () => [
    'The connection is metered, and capture is to wait then.',
    RESUMES,
    'It goes on over another connection; `mailcoffer account limits` changes the rule.',
  ],
  'account-on-hold': (_, facts) => [
    `The account is paused${typeof facts['until'] === 'number' ? ` until ${date(facts['until'])}` : ''}${facts['why'] ? ` (${printable(String(facts['why']))})` : ''}.`,
    KEPT,
    'Go on with `mailcoffer account resume`.',
  ],
  'over-size-limit': () => [
    'The message is larger than what is to be captured.',
    'It is on the server still, and named in the ledger.',
    'Raise the limit with `mailcoffer account limits`, then run the sync again.',
  ],
  // The archive's files
  'not-an-archive': say => [
    `${say('path', 'This folder')} holds no archive.`,
    'Nothing in it was touched.',
    'Name the folder that holds archive.json.',
  ],
  'newer-format': say => [
    `This was made by a newer version of Mailcoffer (format ${say('format', say('version', '?'))}).`,
    'It was not touched.',
    'Update Mailcoffer, then open it.',
  ],
  'keyring-damaged': () => [
    'The key file of the archive is damaged, and so is its second copy.',
    'The messages are still in the archive.',
    'Put keyring.json back from another copy of the archive.',
  ],
  'keyring-excessive': say => [
    `The key file asks for more work than any real one does (${say('parameter', 'size')}: ${say('value', '?')}).`,
    'It was refused before anything was done.',
    'Do not trust this folder unless you know where it comes from; put keyring.json back from another copy.',
  ],
  'record-damaged': say => [
    `A record in segment ${say('segment', '?')} is damaged.`,
    'All other messages can still be read.',
    'Run `mailcoffer verify ARCHIVE --full` to see all damage; another copy of the archive can repair it.',
  ],
  'segment-missing': say => [
    `Segment ${say('segment', '?')} of the archive is missing.`,
    'The messages in the other segments can still be read.',
    'Look for the file in a copy of the archive and put it back into its log folder.',
  ],
  'log-truncated': () => [
    'The end of the archive is missing.',
    'What is before it can still be read.',
    'Put the missing files back from another copy of the archive.',
  ],
  'log-forked': () => [
    'Two different continuations of this archive exist.',
    'Neither was changed.',
    'Keep both folders; do not write to either until you know which one to go on with.',
  ],
  'index-damaged': () => ['The local index is damaged.', 'The archive is not; the index is only made from it.', 'Run `mailcoffer rebuild ARCHIVE`.'],
  'message-unknown': () => ['There is no such message in this archive.', UNCHANGED, '`mailcoffer list` and `mailcoffer search` show the ids.'],
  // Us
  internal: say => [
    `Something went wrong inside Mailcoffer${say('path', '') && ` at ${say('path', '')}`}.`,
    KEPT,
    'Please report it, with engine.log from the log folder of the profile.',
  ],
  'engine-crashed': () => ['The engine of Mailcoffer ended unexpectedly.', 'What was saved is whole.', 'Run it again; it goes on where it was.'],
  'byte-check-failed': () => [
    'A message could not be put together exactly as it was received.',
    'It was not written out; all others are unaffected.',
    'Run `mailcoffer verify ARCHIVE --full`.',
  ],
  'parse-failed': () => ['The text of a message could not be read.', 'The message itself is saved, byte for byte.', 'It can be exported as it is.'],
  'parse-timeout': () => [
    'Reading the text of a message took too long.',
    'The message itself is saved, byte for byte.',
    'It can be exported as it is.',
  ],
  'contract-violation': () => ['Parts of Mailcoffer do not fit together.', UNCHANGED, 'Install it anew; if it stays so, please report it.'],
}

function sayer(facts: ErrorFacts): Say {
  return (name, otherwise) => {
    const fact = facts[name]
    return fact === undefined || fact === '' ? otherwise : printable(String(fact))
  }
}
