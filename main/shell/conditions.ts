/** What the system tells of power and network, for accounts that shall wait while either is dear. Told to the engine at its start and on every change. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { powerMonitor } from 'electron'
import type { Conditions } from '../contract/captureRules.ts'
import type { EngineClient } from '../contract/contract.ts'
import type { EngineHost } from './engineHost.ts'

/** Power is told as it changes; a network is asked for, because only some systems tell. */
const LOOK_MS = 60_000

export function tellConditions(engine: Pick<EngineHost, 'onState' | 'state'>, client: Pick<EngineClient, 'call'>): void {
  let told = ''
  const tell = async () => {
    const conditions: Conditions = { battery: powerMonitor.isOnBatteryPower(), metered: await isMetered() }
    const key = JSON.stringify(conditions)
    if (key === told) return
    await client.call('engine.conditions', conditions)
    told = key
  }
  // An engine that is not there hears it when it is.
  const tellSafely = () => void tell().catch(() => {})
  powerMonitor.on('on-battery', tellSafely)
  powerMonitor.on('on-ac', tellSafely)
  powerMonitor.on('resume', tellSafely)
  engine.onState(({ state }) => {
    if (state !== 'ready' && state !== 'restarted') return
    told = ''
    tellSafely()
  })
  setInterval(tellSafely, LOOK_MS).unref()
  tellSafely()
}

/** NMMetered of NetworkManager: 1 yes, 2 no, 3 and 4 the same as guesses. */
const answers: Record<string, boolean> = { '1': true, '2': false, '3': true, '4': false }

/** Null where the system has no way to tell: anything but Linux with NetworkManager. */
export async function isMetered(platform: NodeJS.Platform = process.platform): Promise<boolean | null> {
  if (platform !== 'linux') return null
  const property = ['org.freedesktop.DBus.Properties.Get', 'string:org.freedesktop.NetworkManager', 'string:Metered']
  const question = ['--system', '--print-reply', '--dest=org.freedesktop.NetworkManager', '/org/freedesktop/NetworkManager', ...property]
  try {
    const { stdout } = await promisify(execFile)('dbus-send', question, { timeout: 3_000 })
    return answers[/uint32 (\d+)/.exec(stdout)?.[1] ?? ''] ?? null
  } catch {
    return null // no bus, no NetworkManager, or no such program
  }
}
