/**
 * Mail on a server has CRLF; mbox, Maildir and EML files of Unix programs have bare LF, which is their way to keep the same message. Turned
 * back, it is the message that was received, and is known again beside the one that was captured. A message that has any CRLF stays as it is.
 */
const LF = 10
const CR = 13

export function canonical(bytes: Buffer): Buffer {
  if (bytes.includes('\r\n')) return bytes
  let lines = 0
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) lines++
  if (lines === 0) return bytes
  const out = Buffer.allocUnsafe(bytes.length + lines)
  let to = 0
  let from = 0
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    to += bytes.copy(out, to, from, at)
    out[to++] = CR
    out[to++] = LF
    from = at + 1
  }
  bytes.copy(out, to, from)
  return out
}
