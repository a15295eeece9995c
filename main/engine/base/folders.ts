import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Creates a folder and what lies above, where missing. Throws what the system says. The `recursive` of Node.js tries for ever where
 * the system says ENOENT of a folder whose parent is there, as under /proc.
 */
export async function makeFolders(dir: string, mode = 0o777): Promise<void> {
  try {
    await mkdirIfMissing(dir, mode)
  } catch (error) {
    const above = dirname(dir)
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || above === dir) throw error
    await makeFolders(above, mode)
    await mkdirIfMissing(dir, mode)
  }
}

async function mkdirIfMissing(dir: string, mode: number): Promise<void> {
  try {
    await mkdir(dir, { mode })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // Of a folder that exists, some systems say rather what they would not have allowed: a drive's root, a read-only disk.
    if (code === 'ENOENT' || !(await isFolder(dir))) throw error
  }
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    found => found.isDirectory(),
    () => false,
  )
