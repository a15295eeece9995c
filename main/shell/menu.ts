/** The application menu, as each system expects it. Entries of ours only say which one was chosen; the window does the rest. */
import { app, Menu, type MenuItemConstructorOptions } from 'electron'
import type { MenuCommand } from '../contract/shell.ts'
import type { ShellText } from './text.ts'

export function setMenu(text: ShellText, choose: (command: MenuCommand) => void): void {
  const mac = process.platform === 'darwin'
  const entry = (label: string, command: MenuCommand, accelerator?: string): MenuItemConstructorOptions => ({
    id: command,
    label,
    click: () => choose(command),
    ...(accelerator ? { accelerator } : {}),
  })
  const line: MenuItemConstructorOptions = { type: 'separator' }
  const settings = entry(text.settings, 'settings', 'CmdOrCtrl+,')
  const about = entry(text.about, 'about')
  const quit: MenuItemConstructorOptions = { role: 'quit', label: text.quit }

  const template: MenuItemConstructorOptions[] = [
    ...(mac
      ? [
          {
            label: app.name,
            submenu: [
              about,
              line,
              settings,
              line,
              { role: 'services' },
              line,
              { role: 'hide' },
              { role: 'hideOthers' },
              { role: 'unhide' },
              line,
              quit,
            ],
          } satisfies MenuItemConstructorOptions,
        ]
      : []),
    {
      label: text.file,
      submenu: [
        entry(text.addArchive, 'add-archive', 'CmdOrCtrl+N'),
        entry(text.openArchive, 'open-archive', 'CmdOrCtrl+O'),
        line,
        entry(text.capture, 'capture', 'F5'),
        line,
        entry(text.lock, 'lock', 'CmdOrCtrl+L'),
        ...(mac ? [] : [line, settings, line, quit]),
      ],
    },
    {
      label: text.edit,
      submenu: [
        { role: 'undo', label: text.undo },
        { role: 'redo', label: text.redo },
        line,
        { role: 'cut', label: text.cut },
        { role: 'copy', label: text.copy },
        { role: 'paste', label: text.paste },
        { role: 'selectAll', label: text.selectAll },
        line,
        entry(text.search, 'search', 'CmdOrCtrl+F'),
      ],
    },
    {
      label: text.view,
      submenu: [
        { role: 'zoomIn', label: text.zoomIn },
        { role: 'zoomOut', label: text.zoomOut },
        { role: 'resetZoom', label: text.actualSize },
        line,
        // Here too, and not in the page alone: a key pressed within a message does not reach the page around it.
        entry(text.nextPane, 'next-pane', 'F6'),
        entry(text.previousPane, 'previous-pane', 'Shift+F6'),
        line,
        { role: 'togglefullscreen', label: text.fullScreen },
        ...(app.isPackaged
          ? []
          : [line, { role: 'reload', label: text.reload } as const, { role: 'toggleDevTools', label: text.developer } as const]),
      ],
    },
    ...(mac ? [{ role: 'windowMenu' } satisfies MenuItemConstructorOptions] : []),
    { label: text.help, role: 'help', submenu: [entry(text.demo, 'demo'), ...(mac ? [] : [about])] },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
