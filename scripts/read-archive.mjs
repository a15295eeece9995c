#!/usr/bin/env node
/**
 * Writes every message of a Mailcoffer archive out as an EML file. Needs Node 22.15 or later, the folder, and the recovery code; nothing else of
 * Mailcoffer. Written from docs/FORMAT.md (the section numbers below are its), so that an archive outlives the program that made it.
 *
 *   node read-archive.mjs FOLDER --to DIR [--recovery-code-file FILE]
 *
 * Without a file, the code is taken from the variable MAILCOFFER_RECOVERY_CODE, or asked for. Nothing is ever overwritten, and the archive is only read.
 * Exit code: 0 everything was whole, 1 something was damaged or missing (all else was written), 2 wrong usage, 3 could not read at all.
 */
import { createDecipheriv, createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import * as fs from 'node:fs'
import { join, relative } from 'node:path'
import { createInterface } from 'node:readline/promises'
import * as zlib from 'node:zlib'

const USAGE = 'usage: node read-archive.mjs FOLDER --to DIR [--recovery-code-file FILE]'

// Section 3: two copies of a segment's header, then its records
const HEADER = 144
const RECORDS_FROM = 2 * HEADER

// Section 4
const KINDS = [undefined, 'blob', 'message', 'commit']
const MAGIC = Buffer.from('4d43521e', 'hex')
const MOST = { blob: 2 ** 24, message: 2 ** 24, commit: 2 ** 26 }

class Stop extends Error {
  constructor(exitCode, message) {
    super(message)
    this.exitCode = exitCode
  }
}

main().then(
  code => {
    process.exitCode = code
  },
  error => {
    console.error(error instanceof Stop ? error.message : error)
    process.exitCode = error instanceof Stop ? error.exitCode : 3
  },
)

async function main() {
  if (typeof zlib.zstdDecompressSync !== 'function') throw new Stop(3, `Node 22.15 or later is needed; this is ${process.version}`)
  const { folder, to, codeFile } = readArguments(process.argv.slice(2))
  const archive = readArchiveFile(folder)
  const master = openWithCode(folder, archive.id, parseRecoveryCode(await askForCode(codeFile)))
  const keys = deriveKeys(master, archive.id)

  const problems = []
  const problem = text => {
    problems.push(text)
    console.error(`damaged: ${text}`)
  }
  if (archive.damaged) problem('archive.json')
  const log = scanLog(folder, keys, problem)
  const written = writeAll(log, to, problem)
  const lost = problems.length === 0 ? 'Nothing is damaged.' : `${problems.length} problems, named above.`
  console.log(`${written.messages} messages, ${written.files} files in ${to} (${written.already} were there already). ${lost}`)
  console.log(`SHA-256 of every file: ${written.manifest}`)
  return problems.length === 0 ? 0 : 1
}

function readArguments(args) {
  let folder
  let to
  let codeFile
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '--help' || args[i] === '-h') {
      console.log(USAGE)
      process.exit(0)
    } else if (args[i] === '--to') to = args[++i]
    else if (args[i] === '--recovery-code-file') codeFile = args[++i]
    else if (args[i].startsWith('-') || folder !== undefined) throw new Stop(2, USAGE)
    else folder = args[i]
  }
  if (!folder || !to) throw new Stop(2, USAGE)
  return { folder, to, codeFile }
}

async function askForCode(file) {
  if (file) return fs.readFileSync(file, 'utf8').trim()
  if (process.env.MAILCOFFER_RECOVERY_CODE) return process.env.MAILCOFFER_RECOVERY_CODE
  if (!process.stdin.isTTY) throw new Stop(2, 'The recovery code is needed: --recovery-code-file FILE, or the variable MAILCOFFER_RECOVERY_CODE')
  const line = createInterface({ input: process.stdin, output: process.stderr })
  const code = await line.question('Recovery code: ')
  line.close()
  return code
}

// Section 1: the folder

function readArchiveFile(folder) {
  let archive = {}
  try {
    archive = JSON.parse(fs.readFileSync(join(folder, 'archive.json'), 'utf8'))
  } catch {
    // Missing or damaged: the segments may say it.
  }
  if (archive.mailcoffer === 'archive' && archive.format > 1)
    throw new Stop(3, `This archive has format ${archive.format}; this program reads format 1. Use the one that came with the newer Mailcoffer.`)
  const sound = archive.mailcoffer === 'archive' && archive.format === 1 && /^[0-9a-f]{32}$/.test(archive.id)
  for (const number of fs.existsSync(join(folder, 'log')) ? segmentsIn(folder) : []) {
    const start = Buffer.alloc(RECORDS_FROM)
    const file = fs.openSync(segmentPath(folder, number), 'r')
    fs.readSync(file, start, 0, RECORDS_FROM, 0)
    fs.closeSync(file)
    if (start.toString('latin1', 0, 8) === 'MCOFSEG1' && start.subarray(0, HEADER).equals(start.subarray(HEADER)))
      return { id: start.toString('hex', 8, 24), damaged: !sound || archive.id !== start.toString('hex', 8, 24) }
  }
  if (sound) return { id: archive.id, damaged: false }
  throw new Stop(3, `${folder} holds no archive`)
}

// Section 2: keys

function hkdf(secret, salt, info) {
  return Buffer.from(hkdfSync('sha256', secret, salt, info, 32))
}

function deriveKeys(master, id) {
  const salt = Buffer.from(id, 'hex')
  return {
    id: hkdf(master, salt, 'mailcoffer/1/id'),
    header: hkdf(master, salt, 'mailcoffer/1/header'),
    head: hkdf(master, salt, 'mailcoffer/1/head'),
    segment: segmentSalt => hkdf(master, segmentSalt, 'mailcoffer/1/segment'),
    archive: id,
  }
}

function openWithCode(folder, id, code) {
  let slots = 0
  for (const name of ['keyring.json', 'keyring.prev.json']) {
    let keyring
    try {
      keyring = JSON.parse(fs.readFileSync(join(folder, name), 'utf8'))
    } catch {
      continue // the other generation may be good
    }
    for (const slot of Array.isArray(keyring.slots) ? keyring.slots : []) {
      if (slot.kind !== 'recovery') continue
      slots++
      const key = hkdf(code, Buffer.from(slot.kdf.salt, 'base64'), 'mailcoffer/1/recovery')
      const context = Buffer.from(`mailcoffer/1/slot|${id}|${slot.id}|${slot.kind}|${slot.role}|hkdf,${slot.kdf.salt}`)
      const master = openSealed(key, Buffer.from(slot.nonce, 'base64'), Buffer.from(slot.wrapped, 'base64'), context)
      if (master?.length === 32) return master
    }
  }
  throw new Stop(
    3,
    slots > 0 ? 'This recovery code does not open this archive.' : 'keyring.json and keyring.prev.json hold no slot for a recovery code.',
  )
}

function openSealed(key, nonce, sealed, context) {
  if (nonce.length !== 12 || sealed.length < 16) return null
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 })
  decipher.setAAD(context)
  decipher.setAuthTag(sealed.subarray(sealed.length - 16))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - 16)), decipher.final()])
  } catch {
    return null
  }
}

function parseRecoveryCode(text) {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
  const symbols = text.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1')
  if (symbols.length !== 36 || [...symbols].some(symbol => !alphabet.includes(symbol)))
    throw new Stop(3, 'A recovery code has 36 letters and digits, in nine groups of four.')
  const bits = [...symbols].map(symbol => alphabet.indexOf(symbol).toString(2).padStart(5, '0')).join('')
  const bytes = Buffer.from(
    bits
      .slice(0, 160)
      .match(/.{8}/g)
      .map(byte => Number.parseInt(byte, 2)),
  )
  const hash = createHash('sha256').update('mailcoffer/1/recovery').update(bytes).digest()
  const check = [...hash.subarray(0, 3)]
    .map(byte => byte.toString(2).padStart(8, '0'))
    .join('')
    .slice(0, 20)
  if (bits.slice(160) !== check) throw new Stop(3, 'The recovery code is mistyped: its last four symbols do not fit the others.')
  return bytes
}

// Section 3: segments

function segmentPath(folder, number) {
  return join(folder, 'log', `${String(number).padStart(8, '0')}.seg`)
}

function segmentsIn(folder) {
  return fs
    .readdirSync(join(folder, 'log'))
    .map(name => Number(/^(\d{8})\.seg$/.exec(name)?.[1]))
    .filter(number => number > 0)
    .sort((a, b) => a - b)
}

function readSegmentHeader(folder, keys, number) {
  let file
  try {
    file = fs.openSync(segmentPath(folder, number), 'r')
  } catch {
    return { header: null, damaged: [] }
  }
  const start = Buffer.alloc(RECORDS_FROM)
  const length = fs.readSync(file, start, 0, RECORDS_FROM, 0)
  fs.closeSync(file)
  let header = null
  const damaged = []
  for (const at of [0, HEADER]) {
    const copy = start.subarray(at, at + HEADER)
    const mac = createHmac('sha256', keys.header).update(copy.subarray(0, 112)).digest()
    const right =
      length >= at + HEADER &&
      copy.toString('latin1', 0, 8) === 'MCOFSEG1' &&
      timingSafeEqual(mac, copy.subarray(112)) &&
      copy.toString('hex', 8, 24) === keys.archive &&
      copy.readUInt32LE(24) === number
    if (!right) damaged.push(at)
    else
      header ??= {
        before: Number(copy.readBigUInt64LE(40)),
        salt: Buffer.from(copy.subarray(48, 80)),
        saltBefore: Buffer.from(copy.subarray(80, 112)),
      }
  }
  return { header, damaged }
}

function readHead(folder, keys, problem) {
  try {
    const head = JSON.parse(fs.readFileSync(join(folder, 'head.json'), 'utf8'))
    const text = [head.segment, head.length, head.salt, head.seq, head.commit, head.time].join('|')
    const mac = createHmac('sha256', keys.head).update(text).digest()
    if (timingSafeEqual(mac, Buffer.from(head.mac, 'hex'))) return head
    problem('head.json is not as it was written; whether the log has lost its end cannot be told')
  } catch {
    problem('head.json cannot be read; whether the log has lost its end cannot be told')
  }
  return { segment: 0, length: 0, seq: 0, salt: '' }
}

/** Reads all segments; gives where each record is, the messages in log order, and what the commits say. */
function scanLog(folder, keys, problem) {
  const head = readHead(folder, keys, problem)
  const present = segmentsIn(folder)
  const last = Math.max(0, ...present)
  const log = { folder, keys, records: new Map(), messages: [], placements: new Map(), mailboxes: new Map(), epochs: new Map(), commits: 0 }
  const chain = { seq: 0, id: '0'.repeat(64) }

  for (let number = 1; number <= Math.max(last, head.segment); number++) {
    const { header, damaged } = readSegmentHeader(folder, keys, number)
    const next = readSegmentHeader(folder, keys, number + 1).header
    const size = present.includes(number) ? fs.statSync(segmentPath(folder, number)).size : null
    const stated = next ? next.before : head.segment === number ? head.length : 0
    if (size === null) {
      problem(`segment ${number} is missing`)
      continue
    }
    // Being begun when its writer stopped: nothing is in it.
    if (number === last && stated === 0 && damaged.length > 0 && size <= RECORDS_FROM) continue
    for (const at of damaged) problem(`segment ${number}, offset ${at}: a copy of its header`)
    if (size < stated) problem(`segment ${number}, offset ${size}: ${stated - size} bytes are missing at its end`)
    const salt =
      header?.salt ?? (next?.saltBefore.some(byte => byte) ? next.saltBefore : head.segment === number ? Buffer.from(head.salt, 'hex') : null)
    if (!salt) {
      problem(`segment ${number}: both copies of its header are lost, and nothing in it can be opened`)
      continue
    }
    const torn = number === last ? stated : Number.POSITIVE_INFINITY
    scanSegment(log, chain, number, keys.segment(salt), next ? Math.min(size, next.before) : size, torn, problem)
  }
  if (chain.seq < head.seq) problem(`commits ${chain.seq + 1} to ${head.seq} are missing at the end`)
  return log
}

// Section 4: records

function parseRecord(bytes) {
  if (bytes.length < 80 || !bytes.subarray(0, 4).equals(MAGIC)) return null
  if (bytes.readUInt32LE(60) !== zlib.crc32(bytes.subarray(0, 60))) return null
  const kind = KINDS[bytes[5]]
  const length = bytes.readUInt32LE(8)
  const plain = bytes.readUInt32LE(12)
  if (bytes[4] !== 1 || !kind || bytes[6] > 2 || bytes[7] !== 0 || length > plain || plain > MOST[kind]) return null
  return { kind, codec: bytes[6], plain, id: bytes.toString('hex', 16, 48), length: 64 + length + 16 }
}

/** The plain payload of a record, or null where it is damaged. */
function openRecord(keys, key, record, bytes) {
  const packed = openSealed(key, bytes.subarray(48, 60), bytes.subarray(64, record.length), bytes.subarray(0, 48))
  if (!packed) return null
  try {
    const limit = { maxOutputLength: Math.max(1, record.plain) }
    const plain = record.codec === 0 ? packed : record.codec === 1 ? zlib.zstdDecompressSync(packed, limit) : zlib.inflateSync(packed, limit)
    if (plain.length !== record.plain) return null
    // A message's id is that of the whole message; it is compared when the message has been put together.
    return record.kind === 'message' || idOf(keys, record.kind, createHash('sha256').update(plain).digest()) === record.id ? plain : null
  } catch {
    return null
  }
}

function idOf(keys, kind, sha256) {
  return createHmac('sha256', keys.id)
    .update(Buffer.from([KINDS.indexOf(kind)]))
    .update(sha256)
    .digest('hex')
}

/** `torn`: from here on, damage with nothing behind it is a write that was cut short. */
function scanSegment(log, chain, number, key, to, torn, problem) {
  const bytes = fs.readFileSync(segmentPath(log.folder, number)).subarray(0, to)
  let unsaid = null
  for (let at = RECORDS_FROM; at < to; ) {
    const record = parseRecord(bytes.subarray(at))
    const whole = record && at + record.length <= to
    const plain = whole ? openRecord(log.keys, key, record, bytes.subarray(at, at + record.length)) : null
    if (unsaid) problem(unsaid)
    unsaid = null
    if (plain) {
      note(log, chain, record, plain, { number, at, key }, problem)
      at += record.length
      continue
    }
    const behind = whole && (at + record.length === to || parseRecord(bytes.subarray(at + record.length)))
    const next = behind ? at + record.length : findRecord(log.keys, key, bytes, at + 1)
    const text = `segment ${number}, offset ${at}, ${next - at} bytes: ${whole ? `${record.kind} ${record.id.slice(0, 12)} does not open` : 'no record'}`
    if (at >= torn) unsaid = text
    else problem(text)
    at = next
  }
}

function findRecord(keys, key, bytes, from) {
  for (let at = bytes.indexOf(MAGIC, from); at >= 0; at = bytes.indexOf(MAGIC, at + 1)) {
    const record = parseRecord(bytes.subarray(at))
    if (record && at + record.length <= bytes.length && openRecord(keys, key, record, bytes.subarray(at, at + record.length))) return at
  }
  return bytes.length
}

// Section 6: commits

function note(log, chain, record, plain, place, problem) {
  if (record.kind !== 'commit') {
    if (!log.records.has(record.id)) {
      log.records.set(record.id, place)
      if (record.kind === 'message') log.messages.push(record.id)
    }
    return
  }
  if (record.id === chain.id) return
  const where = `segment ${place.number}, offset ${place.at}`
  let commit
  try {
    commit = JSON.parse(plain.toString())
  } catch {
    return problem(`${where}: a commit that cannot be read`)
  }
  if (commit.seq > chain.seq + 1) problem(`${where}: commits ${chain.seq + 1} to ${commit.seq - 1} are missing before this one`)
  else if (commit.seq !== chain.seq + 1 || commit.prev !== chain.id) problem(`${where}: commit ${commit.seq} does not follow commit ${chain.seq}`)
  chain.seq = commit.seq
  chain.id = record.id
  log.commits++
  for (const fact of commit.facts) {
    if (fact.k === 'mailbox') log.mailboxes.set(fact.mailbox, fact.path)
    if (fact.k === 'epoch') log.epochs.set(fact.epoch, fact.mailbox)
    if (fact.k !== 'placed') continue
    const placement = { epoch: fact.epoch, time: fact.internalDate === null ? commit.time : fact.internalDate * 1000 }
    log.placements.set(fact.id, [...(log.placements.get(fact.id) ?? []), placement])
  }
}

// Section 5: messages

function readRecord(log, id) {
  const place = log.records.get(id)
  if (!place) throw new Error(`record ${id.slice(0, 12)} is nowhere in the log`)
  const file = fs.openSync(segmentPath(log.folder, place.number), 'r')
  try {
    const start = Buffer.alloc(80)
    fs.readSync(file, start, 0, 80, place.at)
    const record = parseRecord(start)
    const bytes = Buffer.alloc(record?.length ?? 0)
    if (record) fs.readSync(file, bytes, 0, record.length, place.at)
    const plain = record && openRecord(log.keys, place.key, record, bytes)
    if (!plain) throw new Error(`record ${id.slice(0, 12)} does not open any more`)
    return plain
  } finally {
    fs.closeSync(file)
  }
}

/** Gives the message to `write` piece by piece; throws where its length or hash is not the stated one. Returns its SHA-256. */
function putTogether(log, id, write) {
  const plain = readRecord(log, id)
  let at = 0
  const take = length => {
    at += length
    return plain.subarray(at - length, at)
  }
  const byte = () => take(1).readUInt8()
  const number = () => take(4).readUInt32LE()
  if (byte() !== 1) throw new Error('a newer form of message')
  const sha256 = take(32)
  const size = Number(take(8).readBigUInt64LE())
  const parts = Array.from({ length: number() }, () => {
    const type = byte()
    if (type === 0) return { type, length: number() }
    byte() // what it is for, which does not matter here
    const form = type === 2 ? { line: take(2).readUInt16LE(), ending: byte() === 1 ? '\n' : '\r\n', closed: byte() === 1 } : {}
    const blobs = Array.from({ length: number() }, () => ({ id: take(32).toString('hex'), length: number() }))
    return { type, blobs, ...form }
  })

  const hash = createHash('sha256')
  let length = 0
  const give = piece => {
    hash.update(piece)
    length += piece.length
    write(piece)
  }
  for (const part of parts) {
    if (part.type === 0) give(take(part.length))
    else if (part.type === 1) for (const blob of part.blobs) give(readBlob(log, blob))
    else encodeBase64(log, part, give)
  }
  if (at !== plain.length || length !== size || !hash.digest().equals(sha256)) throw new Error('its bytes are not those that were received')
  if (idOf(log.keys, 'message', sha256) !== id) throw new Error('it is another message than its record says')
  return sha256.toString('hex')
}

function readBlob(log, { id, length }) {
  const plain = readRecord(log, id)
  if (plain.length !== length) throw new Error(`blob ${id.slice(0, 12)} has another length than stated`)
  return plain
}

function encodeBase64(log, { blobs, line, ending, closed }, give) {
  // All blobs but the last hold a multiple of 3 bytes, so each is encoded by itself; lines run on from one to the next.
  let column = 0
  for (const blob of blobs) {
    const text = readBlob(log, blob).toString('base64')
    const pieces = []
    for (let at = 0; at < text.length; ) {
      if (column === line) {
        pieces.push(ending)
        column = 0
      }
      const run = text.slice(at, at + line - column)
      pieces.push(run)
      column += run.length
      at += run.length
    }
    give(Buffer.from(pieces.join(''), 'latin1'))
  }
  if (closed) give(Buffer.from(ending, 'latin1'))
}

// Writing

function writeAll(log, to, problem) {
  fs.mkdirSync(to, { recursive: true })
  const directoryOf = createNames(to)
  const lines = []
  const result = { messages: 0, files: 0, already: 0, manifest: '' }
  const temporary = join(to, `.unfinished-${process.pid}.tmp`)
  for (const id of new Set([...log.messages, ...log.placements.keys()])) {
    let sha256
    try {
      const file = fs.openSync(temporary, 'w', 0o600)
      try {
        sha256 = putTogether(log, id, piece => fs.writeSync(file, piece))
      } finally {
        fs.closeSync(file)
      }
    } catch (error) {
      if (error.code !== undefined && !(error instanceof RangeError)) throw error // the disk we write to, and not the archive
      problem(`message ${id.slice(0, 12)}: ${error.message}`)
      continue
    }
    result.messages++
    // One file in each mailbox it was in. A message that no commit places was in a commit that is lost, or on its way when the writer stopped.
    const places = log.placements.get(id) ?? [{ epoch: null, time: null }]
    const done = new Set()
    for (const { epoch, time } of places) {
      const mailbox = log.mailboxes.get(log.epochs.get(epoch))
      const directory = directoryOf(mailbox ?? ['_without mailbox'])
      if (done.has(directory)) continue
      done.add(directory)
      const { path, already } = place(temporary, directory, `${dateOf(time)}-${sha256.slice(0, 8)}`, sha256)
      result.files++
      if (already) result.already++
      lines.push(`${sha256}  ${relative(to, path).replaceAll('\\', '/')}\n`)
    }
  }
  fs.rmSync(temporary, { force: true })
  result.manifest = writeManifest(to, lines.join(''))
  return result
}

/** Puts a copy of the file under the first name that is free, unless the same bytes are there already. */
function place(file, directory, name, sha256) {
  for (let n = 1; ; n++) {
    const path = join(directory, n === 1 ? `${name}.eml` : `${name}-${n}.eml`)
    try {
      fs.copyFileSync(file, path, fs.constants.COPYFILE_EXCL)
      return { path, already: false }
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (createHash('sha256').update(fs.readFileSync(path)).digest('hex') === sha256) return { path, already: true }
  }
}

function writeManifest(to, text) {
  for (let n = 1; ; n++) {
    const path = join(to, n === 1 ? 'SHA256SUMS' : `SHA256SUMS-${n}`)
    try {
      fs.writeFileSync(path, text, { flag: 'wx' })
      return path
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
  }
}

function dateOf(time) {
  const date = new Date(time ?? Number.NaN)
  return Number.isNaN(date.getTime()) ? 'undated' : date.toISOString().replace(/[-:]|\.\d+/g, '')
}

/** Folders for mailboxes: names that every system takes, and two mailboxes never in one. */
function createNames(to) {
  const given = new Map()
  const taken = new Set()
  return path => {
    const key = JSON.stringify(path)
    const known = given.get(key)
    if (known) return known
    const levels = path.map(safeName)
    let directory = join(to, ...levels)
    for (let n = 2; taken.has(directory.normalize('NFC').toLowerCase()); n++) directory = join(to, ...levels.slice(0, -1), `${levels.at(-1)} (${n})`)
    taken.add(directory.normalize('NFC').toLowerCase())
    given.set(key, directory)
    fs.mkdirSync(directory, { recursive: true })
    return directory
  }
}

function safeName(level) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not get into a file name
  let name = level.replace(/[\u0000-\u001f\u007f<>:"/\\|?*]/g, '_').replace(/[. ]+$/, '_')
  while (Buffer.byteLength(name) > 120) name = [...name].slice(0, -1).join('')
  return name === '' || name.startsWith('.') || /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name) ? `_${name}` : name
}
