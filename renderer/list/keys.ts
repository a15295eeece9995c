/** Where a key leads in a list; null for keys that lead nowhere. */
export function keyTarget(key: string, from: number, page: number, total: number): number | null {
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return from + 1
    case 'ArrowUp':
    case 'k':
      return from - 1
    case 'PageDown':
    case ' ':
      return from + page
    case 'PageUp':
      return from - page
    case 'Home':
      return 0
    case 'End':
      return total - 1
    default:
      return null
  }
}
