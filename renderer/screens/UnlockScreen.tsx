export function UnlockScreen(_: any) {
  return null
}
