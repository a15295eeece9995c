/** Images of a message from the internet: fetched as nobody, and from nowhere near. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fetchImages, imageType, isPublic } from '../../../main/shell/remoteImages.ts'

const GIF = (width: number) => Buffer.from([...Buffer.from('GIF89a'), width, 0, width, 0, 0, 0, 0, 0x3b])
const big = (length: number) => Buffer.concat([GIF(9), Buffer.alloc(length)])

let server: Server
let port: number
let visits: { url: string; headers: IncomingMessage['headers'] }[] = []
const answers: Record<string, (response: ServerResponse) => void> = {
  '/image.gif': response => response.setHeader('Set-Cookie', 'a=b').end(GIF(9)),
  '/pixel.gif': response => response.end(GIF(1)),
  '/page': response => response.end('<html>'),
  '/svg': response => response.setHeader('Content-Type', 'image/svg+xml').end('<svg xmlns="http://www.w3.org/2000/svg"/>'),
  '/missing': response => response.writeHead(404).end(GIF(9)),
  '/large': response => response.end(big(9_000_000)),
  '/loop': response => response.writeHead(302, { Location: '/loop' }).end(),
  '/to-image': response => response.writeHead(301, { Location: '/image.gif' }).end(),
  '/to-file': response => response.writeHead(302, { Location: 'file:///etc/passwd' }).end(),
  '/to-private': response => response.writeHead(302, { Location: 'http://192.168.0.1/' }).end(),
  '/cut': response => {
    response.setHeader('Content-Length', 100).write(GIF(9))
    setTimeout(() => response.destroy(), 20)
  },
}

beforeAll(async () => {
  server = createServer((request, response) => {
    visits.push({ url: request.url ?? '', headers: request.headers })
    answers[request.url ?? '']?.(response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const here = { allowed: (address: string, at: number) => address === '127.0.0.1' && at === port, lookup: async () => ['127.0.0.1'] }
const fetch = async (...paths: string[]) => {
  visits = []
  return (
    await fetchImages(
      paths.map(path => (path.startsWith('/') ? `http://images.example:${port}${path}` : path)),
      here,
    )
  ).map(({ image }) => image)
}

test('an image comes with the type its bytes have, and its server learns nothing but that somebody asks', async () => {
  const [image, again] = await fetch('/image.gif', '/to-image')
  expect(image).toEqual({ type: 'image/gif', bytes: GIF(9) })
  expect(again).toEqual(image)
  for (const { headers } of visits) expect(Object.keys(headers).sort()).toEqual(['accept', 'accept-encoding', 'connection', 'host', 'user-agent'])
})

test('what is no image, too large, cut off, or goes elsewhere is not shown, and does not keep the others away', async () => {
  const paths = [
    '/pixel.gif',
    '/page',
    '/svg',
    '/missing',
    '/large',
    '/loop',
    '/to-file',
    '/to-private',
    '/cut',
    'file:///etc/passwd',
    'http://me:pw@images.example/',
  ]
  const images = await fetch(...paths, '/image.gif')
  expect(images.slice(0, -1)).toEqual(paths.map(() => null))
  expect(images.at(-1)).not.toBeNull()
})

test('a name with one private address among its addresses is refused, and so is one that has none', async () => {
  for (const addresses of [['127.0.0.1'], ['93.184.215.14', '10.0.0.1'], []])
    expect(await fetchImages(['http://a.example/'], { lookup: async () => addresses })).toEqual([{ url: 'http://a.example/', image: null }])
})

describe('no message reaches', () => {
  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '192.0.2.1',
    '::1',
    '::',
    'fe80::1',
    'fc00::1',
    'fd12::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    '2001:db8::1',
    'not an address',
  ])('%s', address => expect(isPublic(address, 443)).toBe(false))
  test.each([22, 25, 445, 3306, 8080])('port %i of any computer', port => expect(isPublic('93.184.215.14', port)).toBe(false))
  test('and all may reach the web', () => {
    for (const address of ['93.184.215.14', '2606:2800:21f:cb07:6820:80da:af6b:8b2c'])
      for (const port of [80, 443]) expect(isPublic(address, port)).toBe(true)
  })
})

test('a type is known by the first bytes alone', () => {
  expect(imageType(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'))).toBe('image/png')
  expect(imageType(Buffer.from('<svg'))).toBeNull()
  expect(imageType(new Uint8Array())).toBeNull()
})
