export function OverviewPane(_: any) {
  return null
}
