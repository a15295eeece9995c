/**
 * Images of one message, fetched because a person asked for them: without cookies, referrer, credentials or anything that is kept, by Node and not by
 * Chromium, whose own ways to the network stay closed (lockdown.ts). Whoever wrote the message chose the addresses, so none may lie in a private network.
 */
import { lookup as systemLookup } from 'node:dns/promises'
import { get as getPlain } from 'node:http'
import { get as getSecure } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'

export interface FetchedImage {
  url: string
  /** null: refused, not there, or no image. */
  image: { type: string; bytes: Uint8Array } | null
}

export interface FetchOptions {
  signal?: AbortSignal
  lookup?: (host: string) => Promise<string[]>
  /** May this address be connected to? Tests have their servers on loopback. */
  allowed?: (address: string, port: number) => boolean
}

const AT_ONCE = 6
const REDIRECTS = 5
const IMAGE_MS = 10_000
const ALL_MS = 30_000
const IMAGE_MAX = 8 * 1024 * 1024
const ALL_MAX = 40 * 1024 * 1024
/** One for everybody: it tells neither the program nor the system. */
const AGENT = 'Mozilla/5.0'

/** All of them, in the order asked. Never throws: an image that could not be had is null. */
export async function fetchImages(urls: readonly string[], options: FetchOptions = {}): Promise<FetchedImage[]> {
  const deadline = AbortSignal.timeout(ALL_MS)
  const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline
  let left = ALL_MAX
  const results: FetchedImage[] = urls.map(url => ({ url, image: null }))
  const waiting = [...results]
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      if (left <= 0 || signal.aborted) return
      const bytes = await fetchOne(next.url, options, signal).catch(() => null)
      const type = bytes && imageType(bytes)
      if (!bytes || !type || bytes.length > left || isOnePixel(bytes, type)) continue
      left -= bytes.length
      next.image = { type, bytes }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return results
}

async function fetchOne(address: string, options: FetchOptions, all: AbortSignal): Promise<Uint8Array> {
  const signal = AbortSignal.any([all, AbortSignal.timeout(IMAGE_MS)])
  let url = new URL(address)
  for (let hop = 0; hop <= REDIRECTS; hop++) {
    const answer = await ask(url, options, signal)
    if (answer instanceof Uint8Array) return answer
    url = new URL(answer, url)
  }
  throw new Error('too many redirects')
}

/** The bytes, or where to ask instead. */
async function ask(url: URL, { lookup = systemAddresses, allowed = isPublic }: FetchOptions, signal: AbortSignal): Promise<Uint8Array | string> {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new Error('only http and https')
  if (url.username !== '' || url.password !== '') throw new Error('no credentials')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
  // The name is looked up once, and what was checked is what is connected to: an answer that changes in between gains nothing.
  const addresses = isIP(host) ? [host] : await lookup(host)
  const address = addresses[0]
  if (address === undefined || !addresses.every(one => allowed(one, port))) throw new Error('not a public address')
  const fixed: LookupFunction = (_host, { all }, found) => {
    const family = isIP(address)
    if (all) found(null, [{ address, family }])
    else found(null, address, family)
  }
  const get = url.protocol === 'https:' ? getSecure : getPlain
  return new Promise((resolve, reject) => {
    const request = get(
      url,
      // A connection of its own for each: none is shared or kept, so none ties two messages together.
      { agent: false, lookup: fixed, signal, headers: { 'User-Agent': AGENT, Accept: 'image/*', 'Accept-Encoding': 'identity' } },
      response => {
        const status = response.statusCode ?? 0
        const { location } = response.headers
        if (status >= 300 && status < 400 && location !== undefined) {
          response.destroy()
          return resolve(location)
        }
        if (status !== 200 || Number(response.headers['content-length'] ?? 0) > IMAGE_MAX) {
          response.destroy()
          return reject(new Error(`status ${status}`))
        }
        const pieces: Buffer[] = []
        let length = 0
        response.on('data', (piece: Buffer) => {
          length += piece.length
          if (length > IMAGE_MAX) response.destroy(new Error('too large'))
          else pieces.push(piece)
        })
        response.once('end', () => resolve(Buffer.concat(pieces)))
        response.once('error', reject)
        response.once('close', () => reject(new Error('cut off')))
      },
    )
    request.once('error', reject)
  })
}

async function systemAddresses(host: string): Promise<string[]> {
  return (await systemLookup(host, { all: true, verbatim: true })).map(({ address }) => address)
}

/** IANA's registries of special-purpose addresses, IPv4 and IPv6: everything that is not reachable for all. */
const special = new BlockList()
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  special.addSubnet(net, prefix, 'ipv4')
for (const [net, prefix] of [
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
] as const)
  special.addSubnet(net, prefix, 'ipv6')
/** Global unicast; what is mapped, local, or multicast lies outside of it. */
const globalUnicast = new BlockList()
globalUnicast.addSubnet('2000::', 3, 'ipv6')

/** Nothing of this computer or the networks it is in, and only the ports of the web: a message shall not talk to a printer or a database. */
export function isPublic(address: string, port: number): boolean {
  if (port !== 80 && port !== 443) return false
  const family = isIP(address)
  if (family === 4) return !special.check(address, 'ipv4')
  return family === 6 && globalUnicast.check(address, 'ipv6') && !special.check(address, 'ipv6')
}

/** By its first bytes, whatever the server says. No SVG: it is a document, not a picture. */
export function imageType(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 16)).toString('latin1')
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (/^GIF8[79]a/.test(head)) return 'image/gif'
  if (/^RIFF....WEBP/s.test(head)) return 'image/webp'
  if (/^....ftypavi[fs]/s.test(head)) return 'image/avif'
  return null
}

/** One pixel shows nothing: it was there to be fetched. */
function isOnePixel(bytes: Uint8Array, type: string): boolean {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (type === 'image/gif' && at.length > 10) return at.readUInt16LE(6) <= 1 && at.readUInt16LE(8) <= 1
  if (type === 'image/png' && at.length > 24) return at.readUInt32BE(16) <= 1 && at.readUInt32BE(20) <= 1
  return false
}
