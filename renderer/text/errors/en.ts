import type { ErrorTexts } from './sentences.ts'

/** Per code: what happened, what is safe, what to do. A part in [ ] stands only when its facts are known. */
export const enErrors: ErrorTexts = {
  // You, at the server
  'auth-failed': [
    'The server[ {{host}}] did not accept the user name or the password.',
    'Everything captured so far is kept.',
    'Check both; many providers want an app password here.',
  ],
  'auth-needs-app-password': [
    'The server[ {{host}}] wants an app password, not the one of its web page.',
    'Your account and everything captured so far are unchanged.',
    'Make an app password in the security settings of your provider, and enter it here.',
  ],
  'imap-disabled': [
    'IMAP is switched off for this account.',
    'Everything captured so far is kept.',
    'Switch IMAP on in the web settings of your provider, then try again.',
  ],
  'pop3-disabled': [
    'POP3 is switched off for this account.',
    'Everything captured so far is kept.',
    'Switch POP3 on in the web settings of your provider, then try again.',
  ],
  'account-blocked': [
    'The provider has blocked this account, or this way of logging in.',
    'Everything captured so far is kept and stays readable.',
    'Log in on the web page of your provider; it says what it wants.',
  ],
  'gmail-no-all-mail': [
    'Gmail hides the folder “All Mail” from mail programs.',
    'Everything that has a label is captured; archived mail without a label is not seen here.',
    'On the web page of Gmail: Settings → Labels → All Mail: tick “Show in IMAP”. The next look captures the rest.',
  ],
  'gmail-limited': [
    'Gmail shows only the newest[ {{limit}}] messages of each folder to mail programs.',
    'Nothing was taken for deleted; whatever was captured before is kept.',
    'On the web page of Gmail: Settings → Forwarding and POP/IMAP → Folder size limits: choose “Do not limit”.',
  ],
  'newest-only': [
    'This server shows only the newest[ {{limit}}] messages of a folder.',
    'Nothing was taken for deleted; whatever was captured before is kept.',
    'Choose the provider in the account’s form: the server that is offered there shows all of them.',
  ],
  'tls-untrusted': [
    'The certificate of the server[ {{host}}] is not signed by anybody this computer trusts.',
    'Your password was not sent.',
    'Compare the fingerprint with your provider, then trust exactly this certificate, or choose the authority that signed it.',
  ],
  'tls-pin-mismatch': [
    'The server[ {{host}}] showed another certificate than the one you chose.',
    'Your password was not sent.',
    'If the provider renewed it, test the connection and compare the new fingerprint; otherwise somebody may be in between.',
  ],
  'plaintext-refused': [
    'The password would have gone to the server[ {{host}}] unencrypted.',
    'It was not sent.',
    'Choose TLS or STARTTLS; unencrypted connections are for servers on this computer.',
  ],
  'sign-in-needed': [
    'The provider[ {{provider}}] wants you to sign in again.[ It says: {{serverSays}}]',
    'Everything captured so far is kept.',
    'Open the account of this archive and sign in; capture goes on after that.',
  ],
  'sign-in-no-client': [
    'Mailcoffer is not registered with the provider[ {{provider}}]: there is no client ID to sign in with.',
    'Nothing was changed, and everything captured so far is kept.',
    'Ask whoever looks after your mail or gave you Mailcoffer for a client ID, or register one yourself (guide, “Signing in”), and enter it in the account.',
  ],
  // The server
  'server-refused': [
    'The server[ {{host}}] refused what it was asked[ for {{mailbox}}].',
    'Everything captured so far is kept; the rest goes on.',
    'Try again later; if it stays so, the technical details tell your provider what it said.',
  ],
  'server-unavailable': [
    'The server[ {{host}}] says that it is not available now.',
    'Everything captured so far is kept.',
    'It is tried again by itself; you need not do anything.',
  ],
  'server-throttled': [
    'The server[ {{host}}] asks to be asked less often.',
    'Everything captured so far is kept.',
    'The capture waits as long as the server wants and then goes on by itself.',
  ],
  'server-lied': [
    'The answers of the server contradict each other[ in {{mailbox}}].',
    'Nothing was marked as gone and nothing was removed because of it.',
    'The folder is asked again at the next capture.',
  ],
  'server-not-imap': [
    'What answers at this address[ ({{host}})] is not an IMAP server.',
    'Your password was not sent.',
    'Check the server name and the port: 993 with TLS, 143 with STARTTLS.',
  ],
  'server-not-pop3': [
    'What answers at this address[ ({{host}})] is not a POP3 server.',
    'Your password was not sent.',
    'Check the server name and the port: 995 with TLS, 110 with STARTTLS.',
  ],
  'starttls-missing': ['The server[ {{host}}] does not offer STARTTLS.', 'Your password was not sent.', 'Choose TLS with port 993.'],
  'mailbox-unavailable': [
    'The server does not let the folder[ {{mailbox}}] be opened.',
    'What was kept of it stays; all other folders go on.',
    'It is tried again at the next capture; shared folders may need a permission from their owner.',
  ],
  'message-unavailable': [
    'The server lists a message[ (UID {{uid}})][ in {{mailbox}}] and does not hand it out.',
    'All other messages are kept; this one is noted as a gap.',
    'It is tried again by itself; the web page of your provider may show whether it can be opened at all.',
  ],
  'mailbox-full': [
    'The mailbox on the server[ {{host}}] is full.[ It says: {{serverSays}}]',
    'What was put back until now is there; nothing is there twice.',
    'Make room on the server, or ask for more, then start the restore again: it goes on where it was.',
  ],
  'message-too-big': [
    'This message is larger than the server[ {{host}}] accepts.[ It says: {{serverSays}}]',
    'It stays in the archive, byte for byte.',
    'Save it as a file, or restore it to a server that takes larger messages.',
  ],
  'message-refused': [
    'The server[ {{host}}] did not accept this message.[ It says: {{serverSays}}]',
    'It stays in the archive, byte for byte; the others went on.',
    'What the server says tells the reason; the message can be saved as a file.',
  ],
  'mailbox-read-only': [
    'The folder[ {{mailbox}}] on the server can only be read, so nothing can be put into it.',
    'Nothing of it was changed; the archive has every message, and all other folders went on.',
    'Ask its owner for the right to write there, or put the mail back below a folder of your own.',
  ],
  'message-has-nul': [
    'This message has NUL bytes, and the server[ {{host}}] has no way to take them (it lacks BINARY).',
    'It stays in the archive, byte for byte; the others went on.',
    'Save it as a file, or restore it to a server that offers BINARY.',
  ],
  'message-changed': [
    'The server[ {{host}}] keeps this message with other bytes than it was given.',
    'The archive has the original, byte for byte; the message is on the server.',
    'Nothing has to be done to read it there. Signatures may no longer be valid there.',
  ],
  // The network
  offline: [
    'This computer has no connection to the network.',
    'Everything captured so far is kept.',
    'It goes on by itself when the connection is back.',
  ],
  'host-not-found': [
    'No server with the name[ {{host}}] was found.',
    'Everything captured so far is kept.',
    'Check the spelling of the server’s name, and the network connection.',
  ],
  'connection-refused': [
    'The computer[ {{host}}] is there, but nothing answers[ at port {{port}}].',
    'Everything captured so far is kept.',
    'Check the port: 993 with TLS, 143 with STARTTLS.',
  ],
  'connection-timeout': [
    'The server[ {{host}}] did not answer in time.',
    'Everything captured so far is kept.',
    'It is tried again; a firewall may be blocking the port[ {{port}}].',
  ],
  'connection-lost': [
    'The connection to the server[ {{host}}] was lost.',
    'Everything captured so far is kept; nothing has to be fetched twice.',
    'It is tried again by itself.',
  ],
  'tls-failed': [
    'No secure connection to the server[ {{host}}] could be made.',
    'Your password was not sent.',
    'Check security and port: TLS belongs to 993, STARTTLS to 143.',
  ],
  // You, at this computer
  'wrong-password': ['This is not the password.', 'Nothing was changed.', 'Try again; mind capitals and the keyboard layout.'],
  'wrong-recovery-code': [
    'This is not the recovery code of this archive.',
    'Nothing was changed.',
    'Compare it group by group with your copy: nine groups of four characters.',
  ],
  'weak-password': [
    'This password is too short[: it needs {{least}} characters].',
    'Nothing was changed.',
    'Choose a longer one; a few words in a row are easy to remember.',
  ],
  'profile-missing': ['There is no profile on this computer yet.', 'Nothing was changed.', 'Create an archive or open an existing one.'],
  'profile-exists': ['There is a profile on this computer already.', 'It was not changed.', 'Unlock it with its password.'],
  'profile-locked': ['Mailcoffer is locked.', 'Everything is kept, encrypted.', 'Unlock it with your password.'],
  'no-keychain': [
    'This computer has no keychain that keeps secrets well enough, or it did not open.',
    'Nothing was stored in it.',
    'Use the password.',
  ],
  'archive-in-use': [
    'Another program, or another computer, is working with this archive.',
    'Nothing was changed; only one may write at a time.',
    'Close it there, then try again.',
  ],
  'archive-unknown': ['This archive is not in the list.', 'Nothing was changed.', 'Open it again from its folder.'],
  'archive-locked': ['This profile has no key for the archive.', 'The archive is unharmed.', 'Open it with its own password or its recovery code.'],
  'name-taken': ['Another archive has the name[ “{{name}}”] already.', 'Nothing was changed.', 'Choose another name.'],
  'account-missing': [
    'This archive is not connected to a mail server.',
    'Everything in it stays readable.',
    'Enter the account if new mail is to be captured.',
  ],
  'folder-not-empty': ['There is something in the folder[ {{path}}] already.', 'It was not touched.', 'Choose an empty folder, or make a new one.'],
  'archive-is-copy': [
    'The folder[ {{path}}] is a copy of an archive.',
    'Nothing in it was changed.',
    'Open the archive itself. If that is lost, take it out of the list, open the copy, and make it the archive.',
  ],
  'import-unreadable': [
    'A file[ ({{path}})] could not be read as mail.',
    'Nothing was changed in it, and everything else was taken.',
    'Open it with the program it comes from and save it again, or leave it out.',
  ],
  'drive-unreliable': [
    'The drive[ at {{path}}] gives back other bytes than were written to it.',
    'The archive is not affected, and what was proven on the copy before still is.',
    'Try another cable or port; if it happens again, use another drive.',
  ],
  'not-found': [
    'What was asked for is not there[: {{path}}].',
    'Nothing was changed.',
    'It may have been moved or renamed; look for it and try again.',
  ],
  'read-only': [
    'The folder[ {{path}}] can only be read.',
    'What is in it is whole, and reading and searching work as always.',
    'Make it writable (a switch on the drive, the rights on the share), or use another place.',
  ],
  'permission-denied': [
    'This computer does not allow access to the folder or file[ {{path}}].',
    'What is stored there is as it was.',
    'Choose another place, or change the permissions.',
  ],
  'disk-full': ['The disk is full[: {{path}}].', 'Everything stored so far is whole.', 'Free some space; it goes on from where it stopped.'],
  'destination-missing': [
    'The folder[ {{path}}] is not there.',
    'Nothing was lost; what is on it is still on it.',
    'Plug in the drive or connect the share. What waits for it goes on by itself; otherwise try again.',
  ],
  'destination-other': [
    'What was written to is not at[ {{path}}] now: the drive is away or was emptied, or it is another one.',
    'Nothing was written there in its place, and the archive is not affected.',
    'Connect the right drive and it goes on by itself. If it was emptied, cancel and begin anew.',
  ],
  interrupted: [
    'Mailcoffer ended before this did.',
    'What was finished until then is there and whole.',
    'Start the same again: it goes on, and does nothing twice.',
  ],
  'invalid-input': ['Something that was entered is not valid[: {{field}}].', 'Nothing was changed.', 'Correct it and try again.'],
  'runtime-too-old': [
    'This build of Mailcoffer runs on a system component that is too old.',
    'Your archives were not opened or changed.',
    'Install the present version of Mailcoffer.',
  ],
  cancelled: ['It was cancelled.', 'What was done until then is kept.', 'Start it again whenever you like.'],
  'day-budget': [
    'Today’s share of what may be fetched from this provider is used.',
    'Everything captured so far is kept, the newest mail first.',
    'Nothing: it goes on by itself when the next day begins there.',
  ],
  'day-budget-up': [
    'Today’s share of what may be sent to this provider is used.',
    'What was put back until now is there; nothing is there twice.',
    'Nothing: it goes on by itself when the next day begins there.',
  ],
  'over-day-limit': [
    'This message is larger than all that may go over the line in a day.',
    'It stays in the archive, byte for byte; the others went on.',
    'Raise the limit of the day in the settings of the account, and put it back then.',
  ],
  'on-battery': [
    'This computer runs on battery, and you wished that capture waits then.',
    'Everything captured so far is kept.',
    'Nothing: it goes on when the power is back. The limits of the account say when to wait.',
  ],
  'on-metered': [
    'The connection is metered, and you wished that capture waits then.',
    'Everything captured so far is kept.',
    'Nothing: it goes on over another connection. The limits of the account say when to wait.',
  ],
  'account-on-hold': [
    'You have paused this account.',
    'Everything captured so far is kept, and stays readable.',
    'Resume it in its settings when you like.',
  ],
  'over-size-limit': [
    'This message is larger than you wished to capture.',
    'It is on the server still, and named here.',
    'Raise the limit in the settings of the account, and it is captured.',
  ],
  // The archive's files
  'not-an-archive': ['The folder[ {{path}}] is not an archive of Mailcoffer.', 'It was not touched.', 'Choose the folder that holds archive.json.'],
  'newer-format': ['This archive was written by a newer version of Mailcoffer.', 'It was not touched.', 'Install the present version to open it.'],
  'keyring-damaged': [
    'The file with the keys of the archive is damaged, and so is its copy.',
    'The mail itself is unharmed, but nothing can open it without a key.',
    'Bring back keyring.json from a copy of the archive’s folder.',
  ],
  'keyring-excessive': [
    'The file with the keys asks for more memory or time than any honest archive does.',
    'It was not used, and nothing was changed.',
    'If you did not expect this, the folder was tampered with: use another copy.',
  ],
  'record-damaged': [
    'Some bytes of the archive are damaged[ (segment {{segment}}, byte {{offset}})].',
    'Everything else is readable; the damage was noticed and did not spread.',
    'Verify the archive to see what is concerned; a copy of the folder can bring it back.',
  ],
  'segment-missing': [
    'A file of the archive is missing[: segment {{segment}}].',
    'All messages in the other files stay readable.',
    'Bring the file back from a copy of the folder.',
  ],
  'log-truncated': [
    'The newest part of the archive is missing.',
    'Everything before it stays readable.',
    'Look for a newer copy of the folder; what the server still holds is captured again.',
  ],
  'log-forked': [
    'Two computers have written to copies of this archive.',
    'Both copies stay readable; nothing was overwritten.',
    'Keep writing to one of them only, and keep the other to read.',
  ],
  'index-damaged': [
    'The search index is damaged.',
    'No mail is concerned: the index is only a help for lists and search.',
    'Rebuild it; that takes a few minutes.',
  ],
  'message-unknown': ['This message is not in the archive.', 'Nothing was changed.', 'Refresh the list by choosing the folder again.'],
  // Us
  internal: [
    'Something went wrong inside Mailcoffer.',
    'What is stored is not concerned.',
    'Try again; if it comes back, report it with the technical details.',
  ],
  'engine-crashed': ['The engine stopped in the middle of this.', 'Nothing stored was lost.', 'It is being started again; then try once more.'],
  'byte-check-failed': [
    'A message[ (UID {{uid}})] put together again did not equal the bytes received.',
    'It was not accepted as stored; nothing wrong was kept in its place.',
    'It is fetched again at the next capture; if it stays so, please report it.',
  ],
  'parse-failed': [
    'The text of this message could not be read.',
    'Its original is kept, complete.',
    'Save it as a file to open it in another program.',
  ],
  'parse-timeout': [
    'Reading the text of this message took too long and was stopped.',
    'Its original is kept, complete.',
    'Save it as a file to open it in another program.',
  ],
  'contract-violation': [
    'Two parts of Mailcoffer did not understand each other[ ({{field}})].',
    'Nothing was changed.',
    'Start it again; if it comes back, report it with the technical details.',
  ],
}
