export function Dialogs(_: any) {
  return null
}
