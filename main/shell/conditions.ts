/** What the system tells of power and network, for accounts that shall wait while either is dear. Told to the engine at its start and on every change. */
import { powerMonitor } from 'electron'
import type { Conditions } from '../contract/captureRules.ts'
import type { EngineClient } from '../contract/contract.ts'
import type { EngineHost } from './engineHost.ts'
import { isMetered, meteredEveryMs } from './metered.ts'

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
  // Power is told as it changes; the network is asked for.
  setInterval(tellSafely, meteredEveryMs()).unref()
  tellSafely()
}
