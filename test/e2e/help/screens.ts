/** Pictures of the window: in light and dark, into test-results/screens, or into docs/screens with MAILCOFFER_SCREENS=docs. Dialogs are asked of axe as well. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ElectronApplication, Page } from 'playwright-core'
import { expect } from 'vitest'
import { faults } from './accessible.ts'
import { root } from './launch.ts'
import { until } from './processes.ts'

const folder = join(root, process.env['MAILCOFFER_SCREENS'] === 'docs' ? 'docs/screens' : 'test-results/screens')

/** What stands above the screens; those have a test of their own. */
const POPPED = '[role=dialog], .react-aria-Popover, .proposals'
/** In other words, and otherwise as another picture. */
const SAME = /-(pl|de)$/

export interface Camera {
  /** Both schemes, or the named ones; the window stays light. */
  shoot(name: string, schemes?: readonly ('light' | 'dark')[]): Promise<void>
  size(width: number, height: number): Promise<void>
}

export function cameraOf(app: ElectronApplication, page: Page): Camera {
  mkdirSync(folder, { recursive: true })
  const look = async (name: string) => {
    if (!SAME.test(name) && (await page.locator(POPPED).count()) > 0) expect(await faults(page, [POPPED]), name).toEqual([])
  }
  return {
    async shoot(name, schemes = ['light', 'dark']) {
      for (const colorScheme of schemes) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await until(() => page.evaluate(`document.documentElement.hasAttribute('data-dark') === ${colorScheme === 'dark'}`))
        await page.waitForTimeout(120)
        await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) })
        if (colorScheme === schemes.at(-1)) await look(name)
      }
      await page.emulateMedia({ colorScheme: 'light' })
    },
    async size(width, height) {
      await app.evaluate(({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]!.setContentSize(w!, h!), [width, height])
      await until(() => page.evaluate(`innerWidth === ${width} && innerHeight === ${height}`))
    },
  }
}
