import { describe, expect, test } from 'vitest'
import type { Mailbox } from '../../../main/contract/types.ts'
import { type MailboxNode, nest, placeKey, placeOf } from '../../../renderer/sidebar/tree.ts'

const box = (id: number, name: string, more: Partial<Mailbox> = {}): Mailbox => ({
  id,
  path: name.split('/'),
  name,
  parent: null,
  role: null,
  selectable: true,
  present: true,
  messages: 0,
  unread: 0,
  gone: 0,
  gaps: 0,
  completeAsOf: null,
  ...more,
})
const names = (nodes: readonly MailboxNode[]): unknown[] =>
  nodes.map(node => (node.children.length > 0 ? [node.mailbox.name, names(node.children)] : node.mailbox.name))

describe('the tree of mailboxes', () => {
  test('has the inbox first, those with a role next, and the rest by name', () => {
    const boxes = [
      box(1, 'Zoo'),
      box(2, 'Trash', { role: 'trash' }),
      box(3, 'Ärger'),
      box(4, 'INBOX', { role: 'inbox' }),
      box(5, 'Sent', { role: 'sent' }),
    ]
    expect(names(nest(boxes, 'de'))).toEqual(['INBOX', 'Sent', 'Trash', 'Ärger', 'Zoo'])
  })

  test('counts as people do: 2 before 10', () => {
    expect(names(nest([box(1, 'Year 10'), box(2, 'Year 2')], 'en'))).toEqual(['Year 2', 'Year 10'])
  })

  test('nests to any depth, and shows a mailbox whose parent is not there at the top', () => {
    const boxes = [box(1, 'A'), box(2, 'A/B', { parent: 1 }), box(3, 'A/B/C', { parent: 2 }), box(4, 'X/Y', { parent: 99 })]
    expect(names(nest(boxes, 'en'))).toEqual([['A', [['A/B', ['A/B/C']]]], 'X/Y'])
  })

  test('tells places apart and finds them again', () => {
    for (const place of [null, 'overview', 17] as const)
      expect(placeOf(placeKey({ archive: 'f'.repeat(32), place }))).toEqual({ archive: 'f'.repeat(32), place })
  })
})
