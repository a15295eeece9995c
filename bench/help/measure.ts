/** Runs a program and says what it cost: wall clock, processor time of it and its children, peak memory of them together. */
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Cost {
  seconds: number
  /** User and system time, as the kernel counted them for the program and the children it waited for. */
  cpuSeconds: number
  /** The largest sum, seen 20 times a second, of the peak resident memory of its processes; null where there is no /proc. */
  peakBytes: number | null
  stdout: string
}

/** Throws with the end of stderr where the program fails. */
export async function measure(command: string, args: string[], options: { env?: NodeJS.ProcessEnv; okCodes?: number[] } = {}): Promise<Cost> {
  const dir = await mkdtemp(join(tmpdir(), 'mailcoffer-measure-'))
  const times = join(dir, 'times')
  try {
    // bash's `time` reads what wait4 says; Node tells the resources of itself alone.
    const script = 'exec 3>&2; TIMEFORMAT="%R %U %S"; { time "$@" 2>&3 3>&-; } 2>"$MEASURED"'
    const child = spawn('bash', ['-c', script, 'bash', command, ...args], {
      env: { ...process.env, LC_ALL: 'C', ...options.env, MEASURED: times },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', data => (stdout += data))
    child.stderr.on('data', data => (stderr = (stderr + data).slice(-4000)))
    const memory = watchMemory(child.pid)
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    })
    const peakBytes = memory.stop()
    if (code === null || !(options.okCodes ?? [0]).includes(code)) throw new Error(`${command} ended with ${code}: ${stderr.trim()}`)
    const [seconds, user, system] = (await readFile(times, 'utf8')).trim().split(' ').map(Number) as [number, number, number]
    return { seconds, cpuSeconds: user + system, peakBytes, stdout }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

function watchMemory(root: number | undefined): { stop(): number | null } {
  let peak = 0
  const look = () => {
    // The bash that measures is no part of what is measured
    const sum = root === undefined ? 0 : descendants(root).reduce((total, pid) => total + highWater(pid), 0)
    peak = Math.max(peak, sum)
  }
  const timer = setInterval(look, 50)
  return {
    stop: () => {
      clearInterval(timer)
      return peak === 0 ? null : peak
    },
  }
}

function descendants(pid: number): number[] {
  try {
    const children = readdirSync(`/proc/${pid}/task`).flatMap(thread =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number),
    )
    return children.flatMap(child => [child, ...descendants(child)])
  } catch {
    return [] // it has ended while we looked, or there is no /proc here
  }
}

function highWater(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024
  } catch {
    return 0 // ended meanwhile
  }
}
