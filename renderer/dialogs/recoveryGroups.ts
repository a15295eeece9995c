/** The recovery code as a person meets it: nine groups of four (docs/FORMAT.md 2). */

export const groupsOf = (code: string) => code.split('-')

/** As typed, made comparable: case and spaces do not matter, O is 0, I and L are 1 (Crockford's base 32). */
export function normaliseGroup(typed: string): string {
  return typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1')
}

/** Two different groups to ask for, neither the first, which one remembers from looking at it. `random` gives 0 to 1. */
export function groupsToAsk(count: number, random: () => number): [number, number] {
  const first = 1 + Math.floor(random() * (count - 1))
  const second = 1 + ((first - 1 + 1 + Math.floor(random() * (count - 2))) % (count - 1))
  return first < second ? [first, second] : [second, first]
}
