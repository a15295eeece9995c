/**
 * Browsers cannot make an element higher than about 33 million pixels, which is half a million rows. A longer list gets a
 * shorter track: small movements move by pixels as always, far ones (the thumb) in proportion. This is the arithmetic of it.
 */
export const MAX_TRACK = 15_000_000

export interface ScrollState {
  /** What the element says: scrollTop on the track. */
  physical: number
  /** Where that is in the list, in pixels of full-height rows. */
  virtual: number
}

export interface Track {
  rows: number
  rowHeight: number
  /** Height of the visible part. */
  viewport: number
}

export const listHeight = (track: Track) => track.rows * track.rowHeight
export const trackHeight = (track: Track) => Math.min(MAX_TRACK, listHeight(track))

/** The scroller moved to `physical`. */
export function moved(track: Track, before: ScrollState, physical: number): ScrollState {
  const farthest = Math.max(0, listHeight(track) - track.viewport)
  const reach = Math.max(0, trackHeight(track) - track.viewport)
  if (farthest === reach) return { physical, virtual: clamp(physical, farthest) }
  if (physical <= 0) return { physical, virtual: 0 }
  if (physical >= reach) return { physical, virtual: farthest }
  const by = physical - before.physical
  const near = Math.abs(by) <= track.viewport * 2
  return { physical, virtual: clamp(near ? before.virtual + by : (physical / reach) * farthest, farthest) }
}

/** Where the scroller must be put so that `virtual` is at the top. */
export function placed(track: Track, virtual: number): ScrollState {
  const farthest = Math.max(0, listHeight(track) - track.viewport)
  const reach = Math.max(0, trackHeight(track) - track.viewport)
  const top = clamp(virtual, farthest)
  return { physical: farthest === reach ? top : farthest === 0 ? 0 : Math.round((top / farthest) * reach), virtual: top }
}

const clamp = (value: number, most: number) => Math.min(Math.max(0, value), most)
