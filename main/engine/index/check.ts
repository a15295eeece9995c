/** Everything that must hold inside an index, whatever happened to it. For tests, and for whoever suspects it. */
import { type IndexFile, openReadDb } from './connection.ts'
import { turned } from './rows.ts'

/** What does not hold, in words; empty for a sound index. Reads the whole index. Throws index-damaged. */
export function checkIndex(file: IndexFile): string[] {
  const db = openReadDb(file)
  try {
    return rules.flatMap(([rule, sql]) => {
      const broken = db.prepare<[], unknown>(sql).all()
      return broken.length > 0 ? [`${rule}: ${JSON.stringify(broken.slice(0, 3))}${broken.length > 3 ? ` and ${broken.length - 3} more` : ''}`] : []
    })
  } finally {
    db.close()
  }
}

/** Each statement finds what breaks the rule. */
const rules: readonly [string, string][] = [
  [
    'the totals are the sums',
    `SELECT * FROM (SELECT t.messages, count(*) AS n, t.raw_bytes, coalesce(sum(m.size), 0) AS bytes, t.unparsable,
       coalesce(sum(m.parse = 2), 0) AS failed FROM totals t LEFT JOIN messages m) WHERE (n > 0 AND bytes <> raw_bytes) OR unparsable <> failed
       OR messages <> (SELECT count(*) FROM messages)`,
  ],
  ['unindexed is counted', 'SELECT unindexed, (SELECT count(*) FROM unindexed) AS n FROM totals WHERE n <> unindexed'],
  ['what is unindexed exists', 'SELECT row FROM unindexed WHERE row NOT IN (SELECT row FROM messages)'],
  ['what waits for its attachments exists', 'SELECT row FROM attachments_waiting WHERE row NOT IN (SELECT row FROM messages)'],
  ['an unread attachment is in a message', 'SELECT row FROM unread_attachments WHERE row NOT IN (SELECT row FROM messages)'],
  ['a pending message is unindexed', 'SELECT row FROM messages WHERE parse IN (0, 3) AND row NOT IN (SELECT row FROM unindexed)'],
  ['every message has its name', 'SELECT m.row FROM messages m LEFT JOIN records r ON r.id = m.id WHERE r.row IS NOT m.row'],
  ['every placement has its message', 'SELECT placement FROM placements WHERE row NOT IN (SELECT row FROM messages)'],
  ['every placement has its flags', 'SELECT placement FROM placements WHERE flags NOT IN (SELECT flags FROM flag_lists)'],
  [
    'a placement is in the mailbox of its epoch',
    'SELECT p.placement FROM placements p LEFT JOIN epochs e ON e.epoch = p.placement >> 32 WHERE e.mailbox IS NOT p.mailbox',
  ],
  [
    'mailboxes count their placements',
    `SELECT m.mailbox, m.messages, m.unread, m.gone, c.* FROM mailboxes m LEFT JOIN (
       SELECT p.mailbox AS at, count(*) AS messages, sum(p.gone IS NULL AND NOT l.seen) AS unread, sum(p.gone IS NOT NULL) AS gone
       FROM placements p JOIN flag_lists l ON l.flags = p.flags WHERE p.shown GROUP BY p.mailbox) c ON c.at = m.mailbox
     WHERE m.messages <> coalesce(c.messages, 0) OR m.unread <> coalesce(c.unread, 0) OR m.gone <> coalesce(c.gone, 0)`,
  ],
  [
    'epochs count what lives in them',
    `SELECT e.epoch, e.live FROM epochs e WHERE e.live <> (
       SELECT count(*) FROM placements p WHERE p.placement >> 32 = e.epoch AND p.shown AND p.gone IS NULL)`,
  ],
  [
    'who is in a mailbox is found there',
    `SELECT p.mailbox, p.row FROM placements p WHERE p.shown = 1 AND p.mailbox > 0 AND p.row NOT IN (SELECT row FROM unindexed)
       AND NOT EXISTS (SELECT 1 FROM placed_later l WHERE l.mailbox = p.mailbox AND l.row = p.row)
       AND NOT EXISTS (SELECT 1 FROM words WHERE words MATCH '"' || char(${0xf0000} + p.mailbox) || '"' AND rowid = ${turned('p.row')})`,
  ],
  ['what was lost was placed', 'SELECT placement FROM loss_members WHERE placement NOT IN (SELECT placement FROM placements)'],
  [
    'mailboxes count their gaps',
    `SELECT m.mailbox, m.gaps FROM mailboxes m WHERE m.gaps <> (
       SELECT count(*) FROM gaps g JOIN epochs e ON e.epoch = g.epoch WHERE e.mailbox = m.mailbox)`,
  ],
  [
    'a message lives where it is placed',
    `SELECT m.row, m.live, m.gone FROM messages m WHERE m.live <> (SELECT count(*) FROM placements p LEFT JOIN mailboxes b ON b.mailbox = p.mailbox
         WHERE p.row = m.row AND p.shown AND p.gone IS NULL AND b.absent_since IS NULL)
       OR (m.live = 0) <> (m.gone IS NOT NULL)`,
  ],
  ['the newest epoch is the newest', 'SELECT mailbox FROM mailboxes m WHERE epoch <> (SELECT max(epoch) FROM epochs e WHERE e.mailbox = m.mailbox)'],
  [
    'stretches count mailbox lists',
    `SELECT s.mailbox, s.start, s.count FROM (SELECT *, lead(start, 1, 1 << 53) OVER (PARTITION BY mailbox ORDER BY start) AS next FROM stretches) s
     WHERE s.mailbox > 0 AND s.count <> (
       SELECT count(*) FROM placements p WHERE p.mailbox = s.mailbox AND p.shown = 1 AND p.row >= s.start AND p.row < s.next)`,
  ],
  [
    'stretches count all messages',
    `SELECT s.start, s.count FROM (SELECT *, lead(start, 1, 1 << 53) OVER (ORDER BY start) AS next FROM stretches WHERE mailbox = 0) s
     WHERE s.count <> (SELECT count(*) FROM messages m WHERE m.row >= s.start AND m.row < s.next)`,
  ],
  [
    'every order has each message of its list once, if anything of it was read',
    `SELECT l.list, l.n, o.n AS ordered FROM (
       SELECT p.mailbox * 4 + k.by AS list, count(*) AS n, sum(p.placement) AS places, sum(p.row & 65535) AS rows
         FROM placements p, (SELECT 1 AS by UNION ALL SELECT 2 UNION ALL SELECT 3) k WHERE p.shown = 1 AND p.mailbox > 0 AND p.row NOT IN (SELECT row FROM messages WHERE parse = 3) GROUP BY 1
       UNION ALL SELECT k.by, count(*), 0, sum(m.row & 65535) FROM messages m, (SELECT 1 AS by UNION ALL SELECT 2 UNION ALL SELECT 3) k WHERE m.parse <> 3 GROUP BY 1) l
     LEFT JOIN (SELECT list, count(*) AS n, sum(-place) AS places, sum(-turn & 65535) AS rows FROM orders GROUP BY list) o ON o.list = l.list
     WHERE o.n IS NOT l.n OR o.places <> l.places OR o.rows <> l.rows`,
  ],
  ['a conversation has two messages or more', 'SELECT thread FROM threads GROUP BY thread HAVING count(*) < 2 OR sum(row = thread) = 0'],
  ['what is in a conversation exists', 'SELECT row FROM threads WHERE row NOT IN (SELECT row FROM messages)'],
  ['what names an id exists', 'SELECT link FROM named WHERE row NOT IN (SELECT row FROM messages)'],
  [
    'an answer is in the conversation of its letter',
    `SELECT a.row FROM answers a LEFT JOIN threads t ON t.row = a.row LEFT JOIN threads l ON l.row = a.letter
     WHERE a.letter IS NOT NULL AND (t.thread IS NULL OR l.thread IS NOT t.thread)`,
  ],
  [
    'every list has its stretches',
    `SELECT mailbox, messages FROM mailboxes m WHERE messages <> (SELECT coalesce(sum(count), 0) FROM stretches s WHERE s.mailbox = m.mailbox)`,
  ],
]
