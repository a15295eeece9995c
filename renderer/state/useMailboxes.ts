import { useEffect, useState } from 'react'
import type { Mailbox } from '../../main/contract/types.ts'
import { useDoors } from './engine.ts'

/** The mailboxes of several archives, each followed while it is in the list. */
export function useMailboxes(archives: readonly string[]): ReadonlyMap<string, readonly Mailbox[]> {
  const { engine } = useDoors()
  const [trees, setTrees] = useState<ReadonlyMap<string, readonly Mailbox[]>>(new Map())
  const key = archives.join(' ')

  useEffect(() => {
    const wanted = key === '' ? [] : key.split(' ')
    setTrees(before => new Map([...before].filter(([archive]) => wanted.includes(archive))))
    const ends = wanted.map(archive => engine.watch('mailboxes', { archive }, value => setTrees(before => new Map(before).set(archive, value))))
    return () => {
      for (const end of ends) end()
    }
  }, [engine, key])

  return trees
}
