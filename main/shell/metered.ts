/** Whether the connection is metered, as far as the system tells: a program that it has is asked, since Electron does not say. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

interface Question {
  program: string
  args: readonly string[]
  /** What its answer means; null where that is nothing. */
  read(stdout: string): boolean | null
  /** How often it may be asked, ms. */
  everyMs: number
}

/** NMMetered of NetworkManager: 1 yes, 2 no, 3 and 4 the same as guesses. */
const LINUX: Record<string, boolean> = { '1': true, '2': false, '3': true, '4': false }
/** NetworkCostType of Windows.Networking.Connectivity: 1 unrestricted, 2 up to a limit, 3 by the byte. */
const WINDOWS: Record<string, boolean> = { '1': false, '2': true, '3': true }
const COST =
  '[void][Windows.Networking.Connectivity.NetworkInformation,Windows,ContentType=WindowsRuntime];' +
  '$p=[Windows.Networking.Connectivity.NetworkInformation]::GetInternetConnectionProfile();' +
  'if($p){[int]$p.GetConnectionCost().NetworkCostType}'

/** macOS knows it and tells it to programs of its own kind only. */
const questions: Partial<Record<NodeJS.Platform, Question>> = {
  linux: {
    program: 'dbus-send',
    args: [
      ...['--system', '--print-reply', '--dest=org.freedesktop.NetworkManager', '/org/freedesktop/NetworkManager'],
      ...['org.freedesktop.DBus.Properties.Get', 'string:org.freedesktop.NetworkManager', 'string:Metered'],
    ],
    read: stdout => LINUX[/uint32 (\d+)/.exec(stdout)?.[1] ?? ''] ?? null,
    everyMs: 60_000,
  },
  win32: {
    program: 'powershell.exe',
    args: ['-NoProfile', '-NonInteractive', '-Command', COST],
    read: stdout => WINDOWS[stdout.trim()] ?? null,
    everyMs: 300_000, // PowerShell takes half a second of a core to start
  },
}

const run = promisify(execFile)
const askSystem = async ({ program, args }: Question) => (await run(program, [...args], { timeout: 10_000, windowsHide: true })).stdout

/** Null where the system has no way to tell: macOS, no NetworkManager, no network. */
export async function isMetered(
  platform: NodeJS.Platform = process.platform,
  ask: (question: Question) => Promise<string> = askSystem,
): Promise<boolean | null> {
  const question = questions[platform]
  if (!question) return null
  try {
    return question.read(await ask(question))
  } catch {
    return null // no bus, no such service, or no such program
  }
}

export const meteredEveryMs = (platform: NodeJS.Platform = process.platform): number => questions[platform]?.everyMs ?? 60_000
