import { describe, expect, test } from 'vitest'
import { listHeight, MAX_TRACK, moved, placed, type ScrollState, type Track, trackHeight } from '../../../renderer/list/scrollMap.ts'

const short: Track = { rows: 5000, rowHeight: 72, viewport: 800 }
const long: Track = { rows: 2_000_000, rowHeight: 72, viewport: 800 }
const start: ScrollState = { physical: 0, virtual: 0 }
const reach = (track: Track) => trackHeight(track) - track.viewport
const farthest = (track: Track) => listHeight(track) - track.viewport

describe('the track of a list', () => {
  test('is as high as its rows, and never higher than a browser can draw', () => {
    expect(trackHeight(short)).toBe(360_000)
    expect(trackHeight(long)).toBe(MAX_TRACK)
  })

  test('of ordinary length scrolls pixel by pixel', () => {
    expect(moved(short, start, 12_345).virtual).toBe(12_345)
    expect(placed(short, 12_345)).toEqual({ physical: 12_345, virtual: 12_345 })
  })

  test('of two million rows still moves by pixels under the wheel', () => {
    let state = placed(long, 70_000_000)
    const from = state.virtual
    for (let step = 0; step < 50; step++) state = moved(long, state, state.physical + 120)
    expect(state.virtual - from).toBe(6000)
  })

  test('of two million rows goes with the thumb in proportion', () => {
    const half = moved(long, start, Math.round(reach(long) / 2))
    expect(half.virtual / farthest(long)).toBeCloseTo(0.5, 4)
  })

  test('reaches both ends exactly, however one gets there', () => {
    expect(moved(long, placed(long, 900), 0).virtual).toBe(0)
    expect(moved(long, placed(long, farthest(long) - 900), reach(long)).virtual).toBe(farthest(long))
    expect(placed(long, farthest(long)).physical).toBe(reach(long))
  })

  test('never leaves its rows', () => {
    expect(placed(long, -5).virtual).toBe(0)
    expect(placed(long, 1e12).virtual).toBe(farthest(long))
    expect(moved({ ...short, rows: 3 }, start, 40).virtual).toBe(0)
    expect(placed({ ...short, rows: 0 }, 10)).toEqual({ physical: 0, virtual: 0 })
  })
})
