/** One message or attachment into a file of the person's choice: never over a file that is there, never half of it under its name. */
import { link, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { fileError } from '../base/fileError.ts'
import { randomSuffix } from '../base/ids.ts'

/** Writes to `path`, or to `path` with a number where that exists. Returns where, and how many bytes. */
export async function saveFile(path: string, pieces: AsyncIterable<Uint8Array>): Promise<{ path: string; bytes: number }> {
  const fail = fileError('destination-missing', path)
  const temporary = join(dirname(path), `.${randomSuffix()}.part`)
  let bytes = 0
  const file = await open(temporary, 'wx', 0o600).catch(fail)
  try {
    for await (const piece of pieces) {
      bytes += piece.length
      await file.appendFile(piece).catch(fail)
    }
    await file.sync().catch(fail)
    await file.close()
    return { path: await giveName(temporary, path).catch(fail), bytes }
  } catch (error) {
    await file.close().catch(() => {}) // closed already, or gone with its drive: the first error says why
    await rm(temporary, { force: true }).catch(() => {})
    throw error
  }
}

/** link() fails where the name is taken, so two writers never meet; FAT and some shares have no links, and get a look before the rename. */
async function giveName(temporary: string, path: string): Promise<string> {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? path : numbered(path, n)
    try {
      await link(temporary, candidate)
      await rm(temporary)
      return candidate
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue
      if (
        await stat(candidate).then(
          () => true,
          () => false,
        )
      )
        continue
      await rename(temporary, candidate)
      return candidate
    }
  }
}

function numbered(path: string, n: number): string {
  const extension = extname(path)
  return `${path.slice(0, path.length - extension.length)} (${n})${extension}`
}
