/** Says of a file what the system asks of all that comes from the internet, so that it warns before anything in it is run. */
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * Windows: the Zone.Identifier stream, zone 3 (internet). macOS: the quarantine attribute, by the system's own tool. Elsewhere there is no such mark; no file of
 * ours can be run there, because none gets the right to. A file system without streams or attributes takes none, which must not lose the file: false then.
 */
export async function markFromElsewhere(path: string, now: number, platform: NodeJS.Platform = process.platform): Promise<boolean> {
  try {
    if (platform === 'win32') await writeFile(`${path}:Zone.Identifier`, '[ZoneTransfer]\r\nZoneId=3\r\n')
    else if (platform === 'darwin')
      await run('/usr/bin/xattr', ['-w', 'com.apple.quarantine', `0083;${Math.floor(now / 1000).toString(16)};Mailcoffer;`, path], { timeout: 5000 })
    else return false
    return true
  } catch {
    return false // FAT, some shares
  }
}
