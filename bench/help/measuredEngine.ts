/** The engine as the window starts it under a Node: a process of its own, whose memory is looked at from outside and, for its heaps, from within. */
import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ChannelClient, clientOver } from '../../main/contract/client.ts'
import type { FromEngine, ToEngine } from '../../main/contract/transport.ts'
// @ts-expect-error a plain script without types
import { build } from '../../scripts/build.mjs'
// @ts-expect-error a plain script without types
import { engineEnvironment, engineFlags } from '../../scripts/engineFlags.mjs'

export interface Heap {
  /** Of the thread: main, pool, index-reader … */
  name: string
  /** What V8 holds of memory, what of it is in use, and buffers outside of it that it counts. */
  heap: number
  used: number
  external: number
}

export interface Memory {
  /** Resident, as the kernel has it: all; what is nobody else's; pages of files (the program's own code, above all). */
  resident: number
  anonymous: number
  files: number
  /** In the C library's heaps: small buffers, SQLite's pages. Buffers above its threshold have memory of their own. */
  allocated: number
  threads: number
  heaps: Heap[]
}

export interface Stage {
  what: string
  seconds: number
  cpuSeconds: number
  /** The kernel's own high-water mark of this stage. */
  peak: number
  /** What was there when most was seen, looked at 40 times a second. */
  most: Memory
  /** At its end. */
  last: Memory
}

export interface MeasuredEngine {
  client: ChannelClient
  /** Does something, and says what it cost in memory. */
  stage<T>(what: string, work: () => Promise<T>): Promise<{ stage: Stage; result: T }>
  close(): Promise<void>
}

const LOOK_MS = 25
const ARENA = 64n * 1024n * 1024n
/** A thread that has said nothing for so long has ended. */
const SILENT_MS = 1_500

/** As it was built (`buildEngine`), which is what a window starts: from its sources each thread takes some 5 MB more. */
const entry = fileURLToPath(new URL('../../dist/engine/entry.mjs', import.meta.url))

export const buildEngine = (): Promise<void> => build(['engine'])

/** Linux only: /proc. */
export function startMeasuredEngine(profileDir: string, flags: string[] = []): MeasuredEngine {
  const heapDir = mkdtempSync(join(tmpdir(), 'mailcoffer-heaps-'))
  const probe = new URL('./heapProbe.mjs', import.meta.url).href
  const child = fork(entry, [`--profile=${profileDir}`], {
    execArgv: ['--disable-warning=ExperimentalWarning', ...engineFlags, ...flags, '--import', probe],
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...engineEnvironment, MAILCOFFER_HEAPS: heapDir },
  })
  const pid = child.pid!

  return {
    client: clientTo(child),
    stage: async (what, work) => {
      writeFileSync(`/proc/${pid}/clear_refs`, '5') // the high-water mark begins anew
      let most = look(pid, heapDir)
      const timer = setInterval(() => {
        if (residentOf(pid) <= most.resident) return
        most = look(pid, heapDir)
      }, LOOK_MS)
      const [began, cpu] = [performance.now(), cpuSeconds(pid)]
      try {
        const result = await work()
        const [seconds, used] = [(performance.now() - began) / 1000, cpuSeconds(pid) - cpu]
        return { result, stage: { what, seconds, cpuSeconds: used, peak: status(pid, 'VmHWM'), most, last: look(pid, heapDir) } }
      } finally {
        clearInterval(timer)
      }
    },
    close: async () => {
      const exit = new Promise(resolve => child.once('exit', resolve))
      child.send({ type: 'close' } satisfies ToEngine)
      await exit
      rmSync(heapDir, { recursive: true, force: true })
    },
  }
}

function clientTo(child: ChildProcess): ChannelClient {
  return clientOver({
    send: message => void child.send(message),
    onMessage: listener => void child.on('message', message => listener(message as FromEngine)),
    onClose: listener => void child.on('exit', listener),
    close: () => {},
  })
}

function look(pid: number, heapDir: string): Memory {
  return {
    resident: residentOf(pid),
    anonymous: status(pid, 'RssAnon'),
    files: status(pid, 'RssFile') + status(pid, 'RssShmem'),
    allocated: allocated(readFileSync(`/proc/${pid}/smaps`, 'utf8')),
    threads: readdirSync(`/proc/${pid}/task`).length,
    heaps: heapsIn(heapDir),
  }
}

/** Its first heap has a name; the others begin at multiples of 64 MB. */
function allocated(smaps: string): number {
  let sum = 0
  let counts = false
  for (const line of smaps.split('\n')) {
    const region = /^([0-9a-f]+)-[0-9a-f]+ rw-p 00000000 00:00 0 *(.*)$/.exec(line)
    if (region) counts = region[2] === '[heap]' || (region[2] === '' && BigInt(`0x${region[1]}`) % ARENA === 0n)
    else if (/^[0-9a-f]+-/.test(line)) counts = false
    else if (counts && line.startsWith('Rss:')) sum += Number(/\d+/.exec(line)![0]) * 1024
  }
  return sum
}

function heapsIn(dir: string): Heap[] {
  const heaps: Heap[] = []
  for (const file of readdirSync(dir)) {
    try {
      const { at, ...heap } = JSON.parse(readFileSync(join(dir, file), 'utf8')) as Heap & { at: number }
      if (Date.now() - at < SILENT_MS) heaps.push(heap)
    } catch {
      // it is being written
    }
  }
  return heaps
}

const status = (pid: number, field: string): number =>
  Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024

const residentOf = (pid: number): number => status(pid, 'VmRSS')

/** Clock ticks are hundredths of a second on every Linux that Node.js runs on. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}
