/** Electron's Node is built differently (BoringSSL, its own zlib): what the engine needs is tried before anything is opened. */
import { createCipheriv, createHash, createHmac, hkdfSync } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import { AppError } from '../../contract/errors.ts'

/** Node-API 10 came with Node 22.14 and Electron 36. Below it the SQLite addon does not fail to load, it crashes the process. */
const NAPI_NEEDED = 10

const primitives: Record<string, () => unknown> = {
  'AES-256-GCM': () => createCipheriv('aes-256-gcm', new Uint8Array(32), new Uint8Array(12)),
  'SHA-256': () => createHash('sha256'),
  'HMAC-SHA256': () => createHmac('sha256', 'key'),
  'HKDF-SHA256': () => hkdfSync('sha256', new Uint8Array(32), new Uint8Array(16), 'info', 32),
  deflate: () => deflateSync(new Uint8Array(1)),
}

/** Null when all is there; else the error that names what is missing. */
export function missingPrimitive(): AppError | null {
  const napi = Number(process.versions['napi'] ?? 0)
  if (napi < NAPI_NEEDED) return tooOld(`Node-API ${NAPI_NEEDED}`, `Node-API ${napi}`)
  for (const [name, use] of Object.entries(primitives)) {
    try {
      use()
    } catch (error) {
      return tooOld(name, String(error))
    }
  }
  return null
}

function tooOld(missing: string, found: string): AppError {
  return new AppError('runtime-too-old', `this runtime lacks ${missing} (${found})`, { facts: { missing, node: process.versions.node } })
}
