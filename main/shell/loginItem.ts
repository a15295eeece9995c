/** "Start when I log in": the system's own list where it has one, an autostart entry on Linux. What is there is what counts; nothing is kept twice. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export interface LoginItem {
  /** False where this platform has no such thing, or the app is not installed. */
  readonly possible: boolean
  get(): boolean
  /** Throws what the file system throws. */
  set(on: boolean): void
}

interface ElectronApp {
  getLoginItemSettings(options: { path?: string; args?: string[] }): { openAtLogin: boolean }
  setLoginItemSettings(settings: { openAtLogin: boolean; path?: string; args?: string[] }): void
}

export interface LoginItemOptions {
  platform: NodeJS.Platform
  app: ElectronApp
  env: Readonly<Record<string, string | undefined>>
  home: string
  /** The program and its arguments that start this app on this profile, without a window. */
  command: readonly string[]
}

export function createLoginItem({ platform, app, env, home, command }: LoginItemOptions): LoginItem {
  const [path, ...args] = command as [string, ...string[]]
  if (platform === 'linux') {
    const file = join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'autostart', 'mailcoffer.desktop')
    return {
      possible: true,
      get: () => existsSync(file),
      set: on => {
        if (!on) return rmSync(file, { force: true })
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(file, desktopEntry(command))
      },
    }
  }
  return {
    possible: platform === 'win32' || platform === 'darwin',
    get: () => app.getLoginItemSettings({ path, args }).openAtLogin,
    set: on => app.setLoginItemSettings({ openAtLogin: on, path, args }),
  }
}

/** Desktop Entry Specification, "The Exec key": every argument in quotes, what a shell would read escaped, % doubled; and then, as in every string, \ doubled. */
export function desktopEntry(command: readonly string[]): string {
  const quoted = command.map(part => `"${part.replace(/(["`$\\])/g, '\\$1').replaceAll('%', '%%')}"`).join(' ')
  return `[Desktop Entry]
Type=Application
Name=Mailcoffer
Exec=${quoted.replaceAll('\\', '\\\\')}
Terminal=false
X-GNOME-Autostart-enabled=true
`
}
