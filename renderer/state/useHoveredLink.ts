import { useEffect, useState } from 'react'
import type { ShellEvent } from '../../main/contract/shell.ts'
import { useDoors } from './engine.ts'

/** The link that the pointer or the keyboard is at, as the shell tells it. Nobody tells of one that went away with what was shown: another `shown` has none yet. */
export function useHoveredLink(shown: string | null): ShellEvent<'link-hover'> | null {
  const { shell } = useDoors()
  const [link, setLink] = useState<ShellEvent<'link-hover'> | null>(null)
  useEffect(() => shell.on('link-hover', setLink), [shell])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another message
  useEffect(() => setLink(null), [shown])
  return link
}
