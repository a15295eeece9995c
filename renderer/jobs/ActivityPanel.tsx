export function ActivityPanel(_: any) {
  return null
}
