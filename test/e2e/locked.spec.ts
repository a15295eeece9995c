/** What a page may not do, asked of the real window: hostile mail is shown in it. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWindow, type Launched, launchApp } from './help/launch.ts'
import { seccompOf } from './help/processes.ts'

describeWindow('the page', () => {
  let launched: Launched
  let server: Server
  let address: string
  /** Whatever arrived at a server on this computer, which the page tries to reach in every way it knows. */
  const arrived: string[] = []

  beforeAll(async () => {
    server = createServer((request, response) => {
      arrived.push(request.url ?? '')
      response.setHeader('Access-Control-Allow-Origin', '*')
      response.end('<title>not ours</title>')
    })
    server.on('upgrade', (request, socket) => {
      arrived.push(`upgrade ${request.url}`)
      socket.destroy()
    })
    server.on('connection', () => arrived.push('a connection'))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    launched = await launchApp()
  })
  afterAll(async () => {
    await launched?.[Symbol.asyncDispose]()
    server?.close()
  })

  const run = <T>(script: string) => launched.page.evaluate(script) as Promise<T>

  test('is given the bridge and nothing of Node or Electron', async () => {
    const found = await run<Record<string, string>>(
      `Object.fromEntries(['require', 'module', 'process', 'global', 'Buffer', 'electron', '__dirname'].map(name => [name, typeof globalThis[name]]))`,
    )
    expect(new Set(Object.values(found))).toEqual(new Set(['undefined']))
    expect(await run(`Object.keys(mailcoffer).sort()`)).toEqual(['engine', 'platform', 'shell'])
    expect(await run(`Object.keys(mailcoffer.engine).sort().concat(Object.keys(mailcoffer.shell).sort())`)).toEqual([
      'onMessage',
      'send',
      'call',
      'on',
    ])
  })

  test('is sandboxed, isolated, and without Node, whatever the defaults of Electron are', async () => {
    const preferences = await launched.app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]!.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }
      return contents.getLastWebPreferences()
    })
    expect(preferences).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false, webviewTag: false })
    expect(preferences['nodeIntegrationInSubFrames'] ?? false).toBe(false)
    expect(preferences['webSecurity'] ?? true).toBe(true)
  })

  test('runs in Chromium’s sandbox: its system calls are filtered', async context => {
    context.skip(process.platform !== 'linux', 'looked at in /proc, which only Linux has')
    context.skip(process.getuid?.() === 0, 'Chromium has no sandbox for root; run the tests as another user to see it')
    const pid = await launched.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.getOSProcessId())
    expect(seccompOf(pid)).toBe(2)
  })

  test.each([
    ['fetch', `fetch(ADDRESS + '/fetch', { mode: 'no-cors' }).then(() => 'reached', () => 'refused')`],
    [
      'an image',
      `new Promise(done => { const it = new Image(); it.onload = () => done('reached'); it.onerror = () => done('refused'); it.src = ADDRESS + '/image' })`,
    ],
    [
      'a style sheet',
      `new Promise(done => { const it = document.createElement('link'); it.rel = 'stylesheet'; it.onload = () => done('reached'); it.onerror = () => done('refused'); it.href = ADDRESS + '/style'; document.head.append(it) })`,
    ],
    [
      'a script',
      `new Promise(done => { const it = document.createElement('script'); it.onload = () => done('reached'); it.onerror = () => done('refused'); it.src = ADDRESS + '/script'; document.head.append(it) })`,
    ],
    [
      'a web socket',
      `new Promise(done => { try { const it = new WebSocket(ADDRESS.replace('http', 'ws') + '/socket'); it.onopen = () => done('reached'); it.onerror = () => done('refused') } catch { done('refused') } })`,
    ],
    [
      'an event stream',
      `new Promise(done => { const it = new EventSource(ADDRESS + '/events'); it.onopen = () => done('reached'); it.onerror = () => { it.close(); done('refused') } })`,
    ],
    ['a beacon', `(navigator.sendBeacon(ADDRESS + '/beacon', 'x'), 'refused')`],
    [
      'a ping',
      `(() => { const a = document.createElement('a'); a.href = '#'; a.ping = ADDRESS + '/ping'; document.body.append(a); a.click(); a.remove(); return 'refused' })()`,
    ],
    [
      'a prefetch',
      `(() => { for (const rel of ['prefetch', 'preconnect', 'dns-prefetch', 'modulepreload']) { const it = document.createElement('link'); it.rel = rel; it.href = ADDRESS + '/' + rel; document.head.append(it) } return 'refused' })()`,
    ],
    [
      'a frame',
      `(() => { const it = document.createElement('iframe'); it.src = ADDRESS + '/frame'; document.body.append(it); setTimeout(() => it.remove(), 300); return 'refused' })()`,
    ],
    [
      'a frame with mail in it',
      `(() => { const it = document.createElement('iframe'); it.sandbox = ''; it.srcdoc = '<img src="' + ADDRESS + '/mail"><style>@import url(' + ADDRESS + '/import); body{background:url(' + ADDRESS + '/background)}</style><meta http-equiv=refresh content="0;url=' + ADDRESS + '/refresh">'; document.body.append(it); setTimeout(() => it.remove(), 300); return 'refused' })()`,
    ],
    [
      'a form',
      `(() => { const it = document.createElement('form'); it.action = ADDRESS + '/form'; it.method = 'post'; document.body.append(it); it.submit(); it.remove(); return 'refused' })()`,
    ],
    ['a new window', `(window.open(ADDRESS + '/window') === null ? 'refused' : 'reached')`],
    ['another page in its place', `(location.href = ADDRESS + '/navigate', 'refused')`],
  ])('cannot reach a server by %s', async (_way, script) => {
    expect(await run(script.replaceAll('ADDRESS', `'${address}'`))).toBe('refused')
    await new Promise(resolve => setTimeout(resolve, 150))
    expect(arrived).toEqual([])
    expect(launched.page.url()).toMatch(/^app:\/\/mailcoffer\//)
    expect(launched.app.windows()).toHaveLength(1)
  })

  test('has a session that reaches nothing, even where no policy of the page is asked', async () => {
    const answers = await launched.app.evaluate(async ({ BrowserWindow }, address) => {
      const { session } = BrowserWindow.getAllWindows()[0]!.webContents
      return {
        fetch: await session.fetch(`${address}/session`).then(
          () => 'reached',
          () => 'refused',
        ),
        proxy: await session.resolveProxy(address),
        persistent: session.isPersistent(),
      }
    }, address)
    expect(answers).toEqual({ fetch: 'refused', proxy: 'SOCKS5 127.0.0.1:9', persistent: false })
    expect(arrived).toEqual([])
  })

  test('and this test would notice: the server is there', async () => {
    expect(await (await fetch(address)).text()).toContain('not ours')
    expect(arrived.length).toBeGreaterThan(0)
  })

  test.each([
    ['the camera', `navigator.mediaDevices.getUserMedia({ video: true }).then(() => 'given', () => 'refused')`],
    ['where it is', `new Promise(done => navigator.geolocation.getCurrentPosition(() => done('given'), () => done('refused')))`],
    ['to notify', `Notification.requestPermission().then(answer => answer === 'granted' ? 'given' : 'refused')`],
    ['the clipboard', `navigator.clipboard.readText().then(() => 'given', () => 'refused')`],
  ])('is not given %s', async (_what, script) => {
    expect(await run(script)).toBe('refused')
  })

  test('runs no script but ours', async () => {
    // By a timer: what Playwright itself evaluates may use eval whatever the policy says.
    const ran = await run(`new Promise(done => {
      const it = document.createElement('script')
      it.textContent = 'window.ran = 1'
      document.body.append(it)
      try { setTimeout('window.ran = 2') } catch {}
      const button = document.createElement('button')
      button.setAttribute('onclick', 'window.ran = 3')
      document.body.append(button)
      button.click()
      button.remove()
      setTimeout(() => done(String(window.ran)), 50)
    })`)
    expect(ran).toBe('undefined')
  })

  test.each([
    ['a call nobody answers', 'no.such', {}, 'contract-violation'],
    ['more than was agreed', 'dialog.openFolder', { title: 'x', properties: ['openFile'] }, 'invalid-input'],
    ['a script as a link', 'link.open', { url: 'javascript:alert(1)' }, 'invalid-input'],
    ['a file as a link', 'link.open', { url: 'file:///etc/passwd' }, 'invalid-input'],
    ['a folder that is not there', 'path.reveal', { path: '/no/such/folder' }, 'not-found'],
    ['a program’s name from Object', 'constructor', {}, 'contract-violation'],
  ])('asks the shell for %s, and gets an error with its code', async (_what, name, input, code) => {
    expect(await run(`mailcoffer.shell.call(${JSON.stringify(name)}, ${JSON.stringify(input)})`)).toMatchObject({ ok: false, error: { code } })
  })

  test('opens a link only when the person says yes, and shows the whole address first', async () => {
    await launched.app.evaluate(({ dialog, shell }) => {
      const seen = globalThis as unknown as { asked: string[]; opened: string[]; answer: number }
      seen.asked = []
      seen.opened = []
      seen.answer = 1
      dialog.showMessageBox = (async (_window: unknown, options: { detail: string }) => {
        seen.asked.push(options.detail)
        return { response: seen.answer, checkboxChecked: false }
      }) as never
      shell.openExternal = async url => {
        seen.opened.push(url)
      }
    })
    const url = 'https://bank.example@evil.example/?a=1'
    expect(await run(`mailcoffer.shell.call('link.open', { url: '${url}' })`)).toEqual({ ok: true, value: { opened: false } })
    await launched.app.evaluate(() => {
      ;(globalThis as unknown as { answer: number }).answer = 0
    })
    expect(await run(`mailcoffer.shell.call('link.open', { url: '${url}' })`)).toEqual({ ok: true, value: { opened: true } })
    const { asked, opened } = await launched.app.evaluate(() => {
      const { asked, opened } = globalThis as unknown as { asked: string[]; opened: string[] }
      return { asked, opened }
    })
    expect(opened).toEqual([url])
    expect(asked[0]).toMatch(/^evil\.example\n/)
    expect(asked[0]).toContain(url)
  })
})
