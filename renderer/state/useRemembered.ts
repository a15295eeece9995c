import { useEffect, useRef } from 'react'
import { type ListLook, lookFrom } from '../list/look.ts'
import { useDoors } from './engine.ts'
import { useView, view } from './view.ts'

const QUIET_MS = 500

/** What the window shall look like at its next start: the shell keeps it, because the window's own session keeps nothing. */
export function useRemembered(): void {
  const { shell } = useDoors()
  const look = useView(state => state.look)
  const loaded = useRef<ListLook | null>(null)

  useEffect(() => {
    shell
      .call('view.load', {})
      .then(({ view: kept }) => {
        const found = lookFrom((JSON.parse(kept ?? '{}') as { list?: unknown }).list)
        loaded.current = found
        view.setLook(found)
      })
      // Nothing readable was kept: the standard look does.
      .catch(() => {})
  }, [shell])

  useEffect(() => {
    if (loaded.current === null || loaded.current === look) return
    const timer = setTimeout(() => {
      // The next start then looks as this one did.
      shell.call('view.save', { view: JSON.stringify({ list: look }) }).catch(() => {})
    }, QUIET_MS)
    return () => clearTimeout(timer)
  }, [shell, look])
}
