import type { ShellClient } from '../../main/contract/bridge.ts'
import type { EngineState, Language, Theme } from '../../main/contract/shell.ts'

/** A desktop in memory. Dialogs answer at once with a path. */
export function createFakeShell(language: Language, theme: Theme, engine: Partial<EngineState>): ShellClient {
  const state = { state: 'ready', transport: 'child_process', restarts: 0, ...engine } as const
  const answers: Record<string, (input: never) => unknown> = {
    'app.about': () => ({
      version: '0.1.0',
      platform: 'linux',
      electron: '45.4.1',
      chromium: '142.0.1',
      developmentRuntime: false,
      language,
      systemLanguages: [],
      dark: false,
      theme,
      engine: state,
    }),
    'app.presence': () => ({ background: true, weekly: true, startAtLogin: false, canStartAtLogin: true, tray: true }),
    'app.setPresence': change => ({ background: true, weekly: true, startAtLogin: false, canStartAtLogin: true, tray: true, ...(change as object) }),
    'keychain.status': () => ({ available: true, stored: false, backend: 'gnome_libsecret' }),
    'keychain.create': () => ({ secret: '0'.repeat(64) }),
    'keychain.read': () => ({ secret: null }),
    'dialog.openFolder': () => ({ path: '/home/ada/Archives/Old mail' }),
    'dialog.saveFile': ({ name }: { name: string }) => ({ path: `/home/ada/Downloads/${name}` }),
    'file.saveText': () => ({ path: '/home/ada/recovery.txt' }),
    'file.openText': () => ({ path: '/home/ada/ca.pem', text: '-----BEGIN CERTIFICATE-----' }),
  }
  return {
    async call(name, input) {
      return (await (answers[name] ?? (() => ({})))(input as never)) as never
    },
    on: () => () => {},
  }
}
