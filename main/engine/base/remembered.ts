/** What stands under the key; made when it is first asked for. */
export function remembered<K, V extends NonNullable<unknown> | null>(known: Map<K, V>, key: K, make: () => V): V {
  const found = known.get(key)
  if (found !== undefined) return found
  const made = make()
  known.set(key, made)
  return made
}
