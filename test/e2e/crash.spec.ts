import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { engineFlags } from '../../main/shell/engineProcess.ts'
import { askEngine, askShell, describeWindow, launchApp, root } from './help/launch.ts'
import { argumentsOf, enginePid, isRunning, until } from './help/processes.ts'

const stateOf = async (page: Parameters<typeof askShell>[0]) =>
  ((await askShell(page, 'app.about')) as { value: { engine: { state: string; restarts: number } } }).value.engine

describeWindow('the engine', () => {
  test.runIf(process.platform === 'linux')('killed while the window is open, is started again; the window says so and goes on', async () => {
    await using launched = await launchApp()
    const { app, page } = launched
    const before = await until(() => enginePid(app))
    expect(await askEngine(page, 'engine.about')).toMatchObject({ type: 'result' })
    process.kill(before, 'SIGKILL')
    const after = await until(() => {
      const pid = enginePid(app)
      return pid !== before && pid
    })
    expect(after).not.toBe(before)
    await until(async () => (await stateOf(page)).state === 'restarted')
    expect(await askEngine(page, 'engine.about')).toMatchObject({ type: 'result' })
    expect(await stateOf(page)).toMatchObject({ restarts: 1 })
    await page.getByRole('status').getByText('was started again').waitFor()
  })

  test.runIf(process.platform === 'linux')('ends with the app, however the app ends', async () => {
    await using closed = await launchApp()
    const first = await until(() => enginePid(closed.app))
    await closed.close()
    await until(() => !isRunning(first))

    await using killed = await launchApp()
    const second = await until(() => enginePid(killed.app))
    process.kill(killed.app.process().pid!, 'SIGKILL')
    await until(() => !isRunning(second))
  })

  test.runIf(process.platform === 'linux')('is told where the profile is and what bounds its memory, and nothing else', async () => {
    await using launched = await launchApp()
    const pid = await until(() => enginePid(launched.app))
    const args = argumentsOf(pid).filter(arg => arg !== '')
    expect(args.slice(-1)).toEqual([`--profile=${launched.profile}`])
    expect(args.filter(arg => arg.startsWith('-'))).toEqual([...engineFlags, `--profile=${launched.profile}`])
  })

  test('as users have it, in a process of Electron’s own, answers, is started again when it dies, and ends with the app', async () => {
    await using launched = await launchApp({ env: { MAILCOFFER_ENGINE: 'utilityProcess' } })
    const { app, page } = launched
    const utilityPid = () =>
      app.evaluate(({ app }) => app.getAppMetrics().find(each => each.type === 'Utility' && each.name === 'Mailcoffer engine')?.pid ?? null)
    const about = await askEngine(page, 'engine.about')
    const nodeApi = await app.evaluate(() => Number(process.versions['napi']))
    // Below Node-API 10 it cannot load SQLite: then it must say so, and not crash.
    if (nodeApi >= 10) expect(about).toMatchObject({ type: 'result', value: { transport: 'utilityProcess' } })
    else expect(about).toMatchObject({ type: 'error', error: { code: 'runtime-too-old' } })
    const before = await until(utilityPid)
    process.kill(before, 'SIGKILL')
    await until(async () => (await stateOf(page)).state === 'restarted')
    const after = await until(utilityPid)
    expect(after).not.toBe(before)
    expect((await askEngine(page, 'engine.about')).type).toBe(about.type)
    await launched.close()
    await until(() => !isRunning(after))
  })

  test('a page that is loaded again asks anew and is answered', async () => {
    await using launched = await launchApp()
    await askEngine(launched.page, 'engine.about')
    await launched.page.reload()
    expect(await askEngine(launched.page, 'engine.about')).toMatchObject({ type: 'result' })
  })

  test('a second start on the same profile gives way to the first', async () => {
    await using launched = await launchApp()
    // Not by Playwright: it asks a process that is just ending, and nobody can meet the error.
    const { path, env } = await launched.app.evaluate(() => ({ path: process.execPath, env: process.env }))
    const switches = JSON.parse(process.env['MAILCOFFER_E2E_SWITCHES'] ?? '[]') as string[]
    const second = spawn(path, [...switches, root, `--profile=${launched.profile}`, '--lang=en'], { env, stdio: 'ignore', timeout: 20_000 })
    expect(await once(second, 'exit')).toEqual([0, null])
    expect(await askEngine(launched.page, 'engine.about')).toMatchObject({ type: 'result' })
  })
})
