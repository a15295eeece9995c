/** The icon of the tray: the app's own, with a dot in the corner for what is worth a glance. */
import { nativeImage } from 'electron'
import type { State } from './standing.ts'

type Colour = readonly [red: number, green: number, blue: number]

/** Nothing is marked while all is well: what is always there is not seen. */
const colours: Partial<Record<State, Colour>> = {
  attention: [214, 69, 53],
  capturing: [47, 128, 214],
  waiting: [140, 146, 156],
  paused: [140, 146, 156],
}

/** `file`: a square PNG. */
export function trayIcon(file: string, state: State): Electron.NativeImage {
  const icon = nativeImage.createFromPath(file)
  const colour = colours[state]
  if (!colour || icon.isEmpty()) return icon
  const { width, height } = icon.getSize()
  return nativeImage.createFromBitmap(drawDot(Buffer.from(icon.toBitmap()), width, colour), { width, height })
}

/** Draws into `pixels` (BGRA, rows of `size`), lower right, with a clear ring around it, and returns them. */
export function drawDot(pixels: Buffer, size: number, [red, green, blue]: Colour): Buffer {
  const radius = size * 0.28
  const centre = size - radius - 0.5
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const distance = Math.hypot(x - centre, y - centre)
      if (distance > radius + 1.5) continue
      const at = (y * size + x) * 4
      if (distance > radius) pixels.fill(0, at, at + 4)
      else pixels.set([blue, green, red, 255], at)
    }
  return pixels
}
