/** Electron's main process starts here. It owns the desktop (windows, menus, dialogs, keychain) and never touches mail. */
import { app } from 'electron'
import { runApp } from './app.ts'

runApp().catch(error => {
  console.error(error)
  app.exit(1)
})
