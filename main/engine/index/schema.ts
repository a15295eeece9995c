/** The tables of index.db. There are no migrations: an index of another schema is thrown away and built again from the log. */
import { AppError } from '../../contract/errors.ts'
import type { AnyDb, WriteDb } from './connection.ts'
import { asIndexError } from './indexError.ts'

const APPLICATION = 0x4d434f46 // "MCOF"
/** Raised with every change of a table or of what stands in it (the tokens of search/normalise.ts too). */
export const SCHEMA = 15

const tables = `
CREATE TABLE head (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  seq INTEGER NOT NULL,
  commit_id BLOB,
  segment INTEGER,
  offset INTEGER,
  last_capture INTEGER,
  last_proven INTEGER,
  last_judged INTEGER
);
INSERT INTO head (one, seq) VALUES (1, 0);

CREATE TABLE totals (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  messages INTEGER NOT NULL DEFAULT 0,
  raw_bytes INTEGER NOT NULL DEFAULT 0,
  unindexed INTEGER NOT NULL DEFAULT 0,
  unparsable INTEGER NOT NULL DEFAULT 0
);
INSERT INTO totals (one) VALUES (1);

-- Every record of the log. segment is null where a commit placed a message whose record was not met (damage). row: it is a message, and this is its row.
CREATE TABLE records (
  id BLOB PRIMARY KEY,
  segment INTEGER,
  offset INTEGER,
  length INTEGER,
  row INTEGER
) WITHOUT ROWID;

CREATE TABLE messages (
  row INTEGER PRIMARY KEY,
  id BLOB NOT NULL,
  size INTEGER NOT NULL,
  sorted_by INTEGER NOT NULL,
  live INTEGER NOT NULL,
  gone INTEGER,
  parse INTEGER NOT NULL,
  date INTEGER,
  subject TEXT NOT NULL DEFAULT '',
  from_list TEXT NOT NULL DEFAULT '[]',
  to_list TEXT NOT NULL DEFAULT '[]',
  cc_list TEXT NOT NULL DEFAULT '[]',
  snippet TEXT NOT NULL DEFAULT '',
  attachment_count INTEGER NOT NULL DEFAULT 0,
  attachments TEXT NOT NULL DEFAULT '[]',
  message_id TEXT NOT NULL DEFAULT '',
  in_reply_to TEXT NOT NULL DEFAULT '',
  reference_list TEXT NOT NULL DEFAULT '[]'
);

-- For searches: few rows each.
CREATE INDEX messages_gone ON messages (row) WHERE gone IS NOT NULL;
CREATE INDEX messages_twice ON messages (row) WHERE live > 1;
CREATE INDEX messages_unread ON messages (row) WHERE parse = 2;

-- Conversations (threads.ts). Each id that messages name, as 52 bits of it, with one of those that do.
CREATE TABLE named (link INTEGER PRIMARY KEY, row INTEGER NOT NULL);
-- Answers that name none, by their subject, each with the letter it answers (bySubject.ts).
CREATE TABLE answers (link INTEGER NOT NULL, row INTEGER NOT NULL, letter INTEGER, PRIMARY KEY (link, row)) WITHOUT ROWID;
-- Messages that are not alone in their conversation; thread: the row of one that is in it.
CREATE TABLE threads (row INTEGER PRIMARY KEY, thread INTEGER NOT NULL);
CREATE INDEX threads_together ON threads (thread);

-- Messages in mailboxes that the marks of their text do not name (placedLater.ts).
CREATE TABLE placed_later (mailbox INTEGER NOT NULL, row INTEGER NOT NULL, PRIMARY KEY (mailbox, row)) WITHOUT ROWID;

-- Messages whose text is not in the full-text table: not parsed yet, or parsed and still in the writer's memory.
CREATE TABLE unindexed (row INTEGER PRIMARY KEY);

-- Messages with attachments whose text is not in the full-text table yet (attachments.ts), and attachments that could not be read.
CREATE TABLE attachments_waiting (row INTEGER PRIMARY KEY);
CREATE TABLE unread_attachments (
  row INTEGER NOT NULL,
  part INTEGER NOT NULL,
  name TEXT NOT NULL,
  size INTEGER NOT NULL,
  why TEXT NOT NULL,
  PRIMARY KEY (row, part)
) WITHOUT ROWID;

CREATE TABLE mailboxes (
  mailbox INTEGER PRIMARY KEY,
  path TEXT NOT NULL,
  delimiter TEXT NOT NULL,
  raw TEXT NOT NULL,
  role TEXT,
  selectable INTEGER NOT NULL,
  subscribed INTEGER NOT NULL,
  present INTEGER NOT NULL,
  -- When a complete listing first lacked it.
  absent_since INTEGER,
  epoch INTEGER,
  messages INTEGER NOT NULL DEFAULT 0,
  unread INTEGER NOT NULL DEFAULT 0,
  gone INTEGER NOT NULL DEFAULT 0,
  gaps INTEGER NOT NULL DEFAULT 0
);

-- MAILBOXID (RFC 8474).
CREATE TABLE mailbox_ids (mailbox INTEGER PRIMARY KEY, id TEXT NOT NULL);

CREATE TABLE epochs (
  epoch INTEGER PRIMARY KEY,
  mailbox INTEGER NOT NULL,
  uid_validity INTEGER,
  on_server INTEGER,
  uid_next INTEGER,
  modseq TEXT,
  complete INTEGER NOT NULL DEFAULT 0,
  complete_as_of INTEGER,
  -- Placements that are shown and not gone.
  live INTEGER NOT NULL DEFAULT 0,
  -- When a newer UIDVALIDITY of its mailbox was met.
  replaced INTEGER
);

-- placement = epoch * 2^32 + UID. shown = 0: the same message was met again under a newer UIDVALIDITY of its mailbox, and this is history.
CREATE TABLE placements (
  placement INTEGER PRIMARY KEY,
  mailbox INTEGER NOT NULL,
  row INTEGER NOT NULL,
  flags INTEGER NOT NULL,
  internal_date INTEGER,
  zone INTEGER,
  first_seen INTEGER NOT NULL,
  gone INTEGER,
  shown INTEGER NOT NULL
);
CREATE INDEX placements_listed ON placements (mailbox, row) WHERE shown = 1;
-- What a list says of a message's places, without reading them.
CREATE INDEX placements_of_message ON placements (row, shown, flags, mailbox);
CREATE INDEX placements_flagged ON placements (flags, row) WHERE shown = 1;
CREATE INDEX placements_gone ON placements (gone) WHERE gone IS NOT NULL;

-- Losses: what disappeared from the server at once, in a measure that a person was told of.
CREATE TABLE losses (
  loss INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  cause TEXT NOT NULL,
  before INTEGER NOT NULL,
  answer TEXT,
  answered INTEGER
);
CREATE TABLE loss_mailboxes (
  loss INTEGER NOT NULL,
  mailbox INTEGER NOT NULL,
  before INTEGER NOT NULL,
  PRIMARY KEY (loss, mailbox)
) WITHOUT ROWID;
-- mailbox: where it was then.
CREATE TABLE loss_members (
  placement INTEGER NOT NULL,
  loss INTEGER NOT NULL,
  mailbox INTEGER NOT NULL,
  PRIMARY KEY (placement, loss)
) WITHOUT ROWID;
CREATE INDEX loss_members_of ON loss_members (loss, placement);

-- What the commits of each day (UTC) brought.
CREATE TABLE days (day INTEGER PRIMARY KEY, captured INTEGER NOT NULL, flags INTEGER NOT NULL, gone INTEGER NOT NULL, gaps INTEGER NOT NULL);

-- Each distinct list of flags once, exactly as the server spelled it. A row never changes.
CREATE TABLE flag_lists (flags INTEGER PRIMARY KEY, list TEXT NOT NULL UNIQUE, seen INTEGER NOT NULL);

CREATE TABLE email_ids (email_id TEXT PRIMARY KEY, id BLOB NOT NULL) WITHOUT ROWID;

-- Which message of a POP3 maildrop a UID stands for; null where the server did not say.
CREATE TABLE pop3_ids (
  epoch INTEGER NOT NULL,
  uid INTEGER NOT NULL,
  uidl TEXT,
  octets INTEGER,
  head BLOB,
  PRIMARY KEY (epoch, uid)
) WITHOUT ROWID;

CREATE TABLE gaps (
  epoch INTEGER NOT NULL,
  uid INTEGER NOT NULL,
  code TEXT NOT NULL,
  tries INTEGER NOT NULL,
  at INTEGER NOT NULL,
  next_try INTEGER,
  PRIMARY KEY (epoch, uid)
) WITHOUT ROWID;

-- How many rows of a list lie from \`start\` up to the next start (mailbox 0: all messages). See stretches.ts.
CREATE TABLE stretches (
  mailbox INTEGER NOT NULL,
  start INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (mailbox, start)
) WITHOUT ROWID;

-- Lists in other orders than by date (orders.ts): list = mailbox * 4 + order; turn and place are -row and -placement, so that among equals the newest is first.
-- List -1: messages that are in none of these lists yet.
CREATE TABLE orders (
  list INTEGER NOT NULL,
  key NOT NULL,
  turn INTEGER NOT NULL,
  place INTEGER NOT NULL,
  PRIMARY KEY (list, key, turn, place)
) WITHOUT ROWID;

-- Contentless: the words and where they stand, not the text. Text comes normalised (search/normalise.ts); the tokenizer only
-- cuts it at spaces, which unicode61 would not (it also cuts at marks, in the middle of words of many scripts).
-- \`text\` is for the text of attachments; marks: see marks.ts.
CREATE VIRTUAL TABLE words USING fts5 (
  subject, sender, addressee, copied, body, names, text, marks,
  content = '', contentless_delete = 1, detail = full, prefix = '2 4', tokenize = 'ascii'
);
-- Its words, one row a place of each: to find the words that begin so (beginnings.ts). Holds nothing itself.
CREATE VIRTUAL TABLE vocabulary USING fts5vocab (words, instance);
INSERT INTO words (words, rank) VALUES ('pgsz', 3980); -- a leaf fits one page less the cipher's reserve
INSERT INTO words (words, rank) VALUES ('hashsize', 67108864);
PRAGMA application_id = ${APPLICATION};
PRAGMA user_version = ${SCHEMA};
`

/** Creates the tables in an empty file; throws index-damaged when others are there. */
export function prepareSchema(db: WriteDb): void {
  try {
    if (db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0) db.transaction(() => db.exec(tables)).immediate()
  } catch (error) {
    throw asIndexError(error)
  }
  checkSchema(db)
}

export function checkSchema(db: AnyDb): void {
  const application = db.pragma('application_id', { simple: true })
  const version = db.pragma('user_version', { simple: true })
  if (application !== APPLICATION || version !== SCHEMA)
    throw new AppError('index-damaged', `the index has schema ${String(version)}, not ${SCHEMA}`, {
      facts: { found: Number(version), known: SCHEMA },
    })
}
