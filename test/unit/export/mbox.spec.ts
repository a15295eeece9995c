/** Lines that look like the beginning of the next message, wherever pieces are cut. */
import { expect, test } from 'vitest'
import type { MboxDialect } from '../../../main/contract/export.ts'
import { mboxBody } from '../../../main/engine/jobs/export/mbox.ts'
import { randomPieces } from '../../help/preparedMail.ts'
import { randomOf } from '../../help/random.ts'

const random = randomOf(11)
const parts = ['From ', 'From', '>', '>>', '\n', '\r\n', 'x', ' ', 'Fr', 'om ', 'F', 'From here\n', '\n\nFrom ', 'letters '] as const
const text = () => Array.from({ length: random.below(40) }, () => random.pick(parts)).join('')

async function written(dialect: MboxDialect, bytes: string): Promise<string> {
  const pieces = async function* () {
    yield* randomPieces(Buffer.from(bytes, 'latin1'), random, 1 + random.below(9))
  }
  const out: Uint8Array[] = []
  for await (const piece of mboxBody(dialect, pieces(), 0)) out.push(piece)
  return Buffer.concat(out).toString('latin1')
}

test('get a > in front in mboxrd, also behind others; in mboxo only where there is none; and are left alone in mboxcl2', async () => {
  for (let n = 0; n < 500; n++) {
    const bytes = text()
    expect(await written('mboxrd', bytes), JSON.stringify(bytes)).toBe(bytes.replaceAll(/(?<=^|\n)(>*From )/g, '>$1'))
    expect(await written('mboxo', bytes), JSON.stringify(bytes)).toBe(bytes.replaceAll(/(?<=^|\n)From /g, '>From '))
    expect(await written('mboxcl2', bytes)).toBe(`Content-Length: 0\n${bytes}`)
  }
})
