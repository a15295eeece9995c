export type PaneName = 'sidebar' | 'list' | 'reader'
const order: readonly PaneName[] = ['sidebar', 'list', 'reader']

/** Moves the keyboard into a pane: to its list or tree, else to the first thing in it that takes the focus. */
export function focusPane(name: PaneName): boolean {
  const pane = document.querySelector<HTMLElement>(`[data-pane="${name}"]`)
  const into =
    pane?.querySelector<HTMLElement>(
      '[role="listbox"], [role="treegrid"] [aria-selected="true"], [role="treegrid"], .reader-body, .reader-frame iframe:not([inert])',
    ) ?? pane?.querySelector<HTMLElement>('button, input')
  into?.focus()
  return into !== null && into !== undefined
}

/** F6: the next pane that is there; with Shift the one before. */
export function nextPane(backwards: boolean): void {
  const now = order.findIndex(name => document.activeElement?.closest(`[data-pane="${name}"]`))
  for (let step = 1; step <= order.length; step++) {
    const index = (now + (backwards ? -step : step) + order.length * 2) % order.length
    if (focusPane(order[index]!)) return
  }
}
