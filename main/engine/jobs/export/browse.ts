/**
 * `index.html`: the export as a page that lists and filters it in any browser, without a network and without this program. The messages' facts
 * stand beside it in small files, so that a large export opens as fast as a small one.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileError } from '../../base/fileError.ts'
import { makeFolders } from '../../base/folders.ts'
import { page } from './browsePage.ts'
import { readManifest } from './manifest.ts'
import type { ExportOrder, ManifestItem } from './types.ts'

const ROWS = 5000
const FOLDER = 'index-files'

/** Answers the paths it wrote. */
export async function writeBrowser(dir: string, { name }: ExportOrder, messages: number): Promise<string[]> {
  const fail = fileError('destination-missing', dir)
  await makeFolders(join(dir, FOLDER)).catch(fail)
  const written: string[] = []
  const put = async (path: string, text: string) => {
    await writeFile(join(dir, ...path.split('/')), text, { mode: 0o600 }).catch(fail)
    written.push(path)
  }
  let rows: unknown[] = []
  const flush = async () => {
    if (rows.length === 0) return
    await put(`${FOLDER}/${String(written.length + 1).padStart(4, '0')}.js`, `rows(${scriptSafe(rows)})\n`)
    rows = []
  }
  for await (const item of readManifest(dir)) {
    rows.push(rowOf(item))
    if (rows.length === ROWS) await flush()
  }
  await flush()
  const scripts = [...written]
  await put('index.html', page({ name, messages, scripts }))
  return written
}

/** Path, date, from, subject, mailbox, size, gone; the path is null where the message is one of several in a file. */
function rowOf({ path, offset, date, from, subject, mailbox, size, gone }: ManifestItem) {
  return [offset === undefined ? path : null, date.slice(0, 16).replace('T', ' '), from, subject, mailbox.join(' / '), size, gone ? 1 : 0]
}

/** JSON that cannot end the script it stands in; subjects are written by strangers. */
export const scriptSafe = (value: unknown): string =>
  JSON.stringify(value).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
