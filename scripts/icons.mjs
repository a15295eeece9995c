/** Draws resources/icons/icon.svg as PNGs in every size that systems ask for. Run it after the drawing was changed, and commit what it wrote. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDisplay } from './display.mjs'
import { needNode24, root } from './node24.mjs'
import { electronEnvironment, electronSwitches, findRuntime } from './runtime.mjs'

needNode24()

const icons = join(root, 'resources/icons')
const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024]

/** Runs inside Electron: a browser is the best renderer of SVG there is. */
const painter = `
const { app, BrowserWindow } = require('electron')
const { readFileSync, writeFileSync } = require('node:fs')
const [svgFile, folder, ...sizes] = JSON.parse(process.env.MAILCOFFER_ICONS)
app.whenReady().then(async () => {
  const svg = readFileSync(svgFile).toString('base64')
  const window = new BrowserWindow({ show: false })
  await window.loadURL('data:text/html,<canvas></canvas>')
  for (const size of sizes) {
    const url = await window.webContents.executeJavaScript(\`new Promise(done => {
      const image = new Image()
      image.onload = () => {
        const canvas = document.querySelector('canvas')
        canvas.width = canvas.height = \${size}
        canvas.getContext('2d').drawImage(image, 0, 0, \${size}, \${size})
        done(canvas.toDataURL('image/png'))
      }
      image.src = 'data:image/svg+xml;base64,\${svg}'
    })\`)
    writeFileSync(folder + '/' + size + 'x' + size + '.png', Buffer.from(url.split(',')[1], 'base64'))
  }
  app.exit(0)
})
`

const display = await openDisplay()
if (display === null) throw new Error('There is no display, and Xvfb is not installed.')
const runtime = await findRuntime({ fallback: true })
const folder = mkdtempSync(join(tmpdir(), 'mailcoffer-icons-'))
try {
  writeFileSync(join(folder, 'painter.cjs'), painter)
  const env = { ...electronEnvironment(runtime), MAILCOFFER_ICONS: JSON.stringify([join(icons, 'icon.svg'), icons, ...sizes]) }
  const run = spawnSync(runtime.executable, [...electronSwitches(), `--user-data-dir=${folder}`, join(folder, 'painter.cjs')], {
    env,
    stdio: 'inherit',
  })
  if (run.status !== 0) throw new Error(`Electron ended with ${run.status ?? run.signal}`)
  console.log(`wrote ${sizes.length} sizes to resources/icons`)
} finally {
  rmSync(folder, { recursive: true, force: true })
  display.close()
}
