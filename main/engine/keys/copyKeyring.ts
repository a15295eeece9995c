/** The keyring of a copy: what opens the archive opens it, and what was taken out of the archive opens it no more. */
import { join } from 'node:path'
import { type Disk, diskError, writeFileAtomic } from '../base/files.ts'
import { type Keyring, keyringText, readKeyring } from './keyring.ts'

/** Both generations get the present slots, so that no password that was changed goes on working. Returns the archive's generation. Throws keyring-damaged; disk-full and its like. */
export async function copyKeyring(from: string, to: string, owner: string, disk: Disk): Promise<number> {
  const original = await readKeyring(from, owner)
  const there = await readKeyring(to, owner).catch(() => null) // none yet, or damaged: it is written
  if (there && !there.damaged && isAsGood(there, original)) return original.generation
  const text = keyringText(original)
  // Of one generation, and yet not the same: one of them has a flipped bit, and nobody can tell which. Both are kept, and both are tried.
  const other = there && there.generation === original.generation ? keyringText(there) : text
  try {
    await writeFileAtomic(join(to, 'keyring.prev.json'), other, disk)
    await writeFileAtomic(join(to, 'keyring.json'), text, disk)
  } catch (error) {
    throw diskError(error, to)
  }
  return original.generation
}

/** Also where the archive's own present one is damaged, and what was read is the one before. */
const isAsGood = (there: Keyring, original: Keyring): boolean =>
  original.damaged ? there.generation >= original.generation : there.generation === original.generation && sameSlots(there, original)
const sameSlots = (one: Keyring, other: Keyring): boolean => JSON.stringify(one.slots) === JSON.stringify(other.slots)
