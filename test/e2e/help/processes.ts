/** The app's processes, as the system sees them (Linux: /proc). */
import { readdirSync, readFileSync } from 'node:fs'
import type { ElectronApplication } from 'playwright-core'

/** The engine's process id: the app's descendant that runs our engine's entry. Null while there is none. */
export function enginePid(app: ElectronApplication): number | null {
  const parents = new Map<number, number>()
  const engines: number[] = []
  for (const name of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
    try {
      const pid = Number(name)
      parents.set(pid, Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]))
      if (argumentsOf(pid).some(arg => arg.endsWith('entry.mjs'))) engines.push(pid)
    } catch {
      // it ended while we looked
    }
  }
  const main = app.process().pid
  const isOurs = (pid: number | undefined): boolean => pid !== undefined && pid > 1 && (pid === main || isOurs(parents.get(pid)))
  return engines.find(isOurs) ?? null
}

export function argumentsOf(pid: number): string[] {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
}

export function isRunning(pid: number): boolean {
  try {
    // A process that has ended but was not waited for yet is a zombie: it runs no more.
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** 0 none, 2 filtered: the renderer may make only the system calls on Chromium's list. */
export function seccompOf(pid: number): number {
  return Number(/^Seccomp:\s*(\d)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
}

export async function until<T>(look: () => T | null | undefined | false | Promise<T | null | undefined | false>, ms = 15_000): Promise<T> {
  const end = performance.now() + ms
  for (;;) {
    const found = await look()
    if (found) return found
    if (performance.now() > end) throw new Error(`waited ${ms} ms for: ${look}`)
    await new Promise(resolve => setTimeout(resolve, 25))
  }
}
