import { useEffect, useState } from 'react'
import type { ShellEvent } from '../../main/contract/shell.ts'
import { useDoors } from './engine.ts'

/** The link that the pointer or the keyboard is at, as the shell tells it. */
export function useHoveredLink(): ShellEvent<'link-hover'> | null {
  const { shell } = useDoors()
  const [link, setLink] = useState<ShellEvent<'link-hover'> | null>(null)
  useEffect(() => shell.on('link-hover', setLink), [shell])
  return link
}
