/** How message frames look now: the window's language and darkness, and what the person chose for this message. */
import { useEffect, useMemo, useState } from 'react'
import type { Text } from '../text/text.ts'
import type { FrameLook } from './frame.ts'

const NONE: readonly null[] = []

export function useFrameLook(
  text: Text,
  { adapted = true, zoom = 1, images = NONE }: { adapted?: boolean; zoom?: number; images?: FrameLook['images'] } = {},
): FrameLook {
  const dark = useDark() && adapted
  return useMemo(
    () => ({
      language: text.language,
      dark,
      zoom,
      images,
      labels: { quoted: text.t('reading.quoted'), mismatch: text.t('reading.linkElsewhere'), lookalike: text.t('reading.linkLookalike') },
    }),
    [text, dark, zoom, images],
  )
}

/** The window's own darkness (state/useTheme.ts), followed. */
export function useDark(): boolean {
  const [dark, setDark] = useState(() => document.documentElement.hasAttribute('data-dark'))
  useEffect(() => {
    const root = document.documentElement
    const look = () => setDark(root.hasAttribute('data-dark'))
    const observer = new MutationObserver(look)
    observer.observe(root, { attributeFilter: ['data-dark'] })
    look()
    return () => observer.disconnect()
  }, [])
  return dark
}
