/** Sizes as people write them: 500k, 1.5 MB, 2GB, 10M, 300. */

const UNITS: Record<string, number> = { '': 1, b: 1, k: 1e3, kb: 1e3, m: 1e6, mb: 1e6, g: 1e9, gb: 1e9, kib: 1024, mib: 1024 ** 2, gib: 1024 ** 3 }

/** Bytes, null where it is no size. */
export function parseSize(text: string): number | null {
  const found = /^(\d{1,12}(?:[.,]\d{1,6})?)\s*([a-z]{0,3})$/i.exec(text.trim())
  const unit = found && UNITS[found[2]!.toLowerCase()]
  return found && unit ? Math.round(Number(found[1]!.replace(',', '.')) * unit) : null
}
