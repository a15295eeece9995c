/** `npm run soak -- NAME [N] [SEED]`: the long versions of tests that are in `npm test` with small numbers. Each ends by itself, unless it is said to be endless. */
import { spawn } from 'node:child_process'
import { needNode24, root } from './node24.mjs'
import { systemPath } from './prepare.mjs'

const soaks = {
  kill: { spec: 'test/spec/kill.spec.ts', about: 'SIGKILL at N random moments of a capture (100)', env: n => ({ MAILCOFFER_KILLS: n ?? '100' }) },
  corpus: {
    spec: 'test/spec/corpus.spec.ts',
    about: '20,000 messages from Dovecot, every byte compared',
    env: () => ({ MAILCOFFER_CORPUS: 'medium' }),
  },
  roundtrip: {
    spec: 'test/spec/roundTrip.spec.ts',
    about: '20,000 messages: captured, exported in three formats, imported, restored to an empty account and captured again',
    env: () => ({ MAILCOFFER_CORPUS: 'medium' }),
  },
  copy: {
    spec: 'copy',
    about: 'a copy killed, its drive failing and pulled, at N moments each (50)',
    env: n => ({ MAILCOFFER_COPY_PULLS: n ?? '50', MAILCOFFER_COPY_FAULTS: n ?? '50' }),
  },
  share: {
    spec: 'test/spec/copyShare.spec.ts',
    about: 'N commits of random sizes written to a Samba share by one process and read by two (400)',
    env: n => ({ MAILCOFFER_COMMITS: n ?? '400' }),
  },
  pop3: {
    spec: 'test/spec/pop3Many.spec.ts',
    about: 'N messages over POP3 from a server that breaks (50000)',
    env: n => ({ MAILCOFFER_POP3: n ?? '50000' }),
  },
  restore: {
    spec: 'test/spec/restoreKill.spec.ts',
    about: 'SIGKILL at N random moments of restores of 5,000 messages (30), their line cut in between',
    env: n => ({ MAILCOFFER_KILLS: n ?? '30', MAILCOFFER_CUTS: '2', MAILCOFFER_MESSAGES: '5000' }),
  },
  servers: {
    spec: 'test/unit/jobs/captureHistory.spec.ts',
    about: 'N random histories on each of four kinds of scripted IMAP servers (30): moves, renames, mailboxes made again',
    env: n => ({ MAILCOFFER_SERVERS: n ?? '30', MAILCOFFER_SEED: '1' }),
  },
  'port-kill': {
    spec: 'test/spec/portKill.spec.ts',
    about: 'SIGKILL at N random moments of exports to a folder, to a ZIP file, and of imports (30)',
    env: n => ({ MAILCOFFER_KILLS: n ?? '30' }),
  },
  targets: {
    spec: 'test/spec/targets.spec.ts',
    about: 'ext4, exFAT, FAT32 and a Samba share, pulled, full, read-only and slow under a copy and an export at N random moments each (50)',
    env: n => ({ MAILCOFFER_MOMENTS: n ?? '50' }),
  },
  'pop3-kill': {
    spec: 'test/spec/pop3Kill.spec.ts',
    about: 'SIGKILL at N random moments of a capture over POP3 (60)',
    env: n => ({ MAILCOFFER_POP3_KILLS: n ?? '60' }),
  },
  nasty: {
    spec: 'test/spec/nastyServer.spec.ts',
    about: 'every fault of a scripted IMAP server at every moment, and N random ones (300)',
    env: n => ({ MAILCOFFER_NASTY: n ?? '300' }),
  },
  history: {
    spec: 'test/spec/history.spec.ts',
    about: 'N random operations on Dovecot (10000; 0: endless), captured through cuts and kills',
    env: n => ({ MAILCOFFER_HISTORY: n ?? '10000', MAILCOFFER_SEED: '1' }),
  },
}

needNode24()
const [name, n, seed] = process.argv.slice(2)
const soak = soaks[name]
if (!soak || [n, seed].some(number => number !== undefined && !/^\d{1,6}$/.test(number))) {
  console.log('Usage: npm run soak -- NAME [N] [SEED]\n')
  for (const [each, { about }] of Object.entries(soaks)) console.log(`  ${each.padEnd(9)} ${about}`)
  process.exit(name === undefined ? 0 : 2)
}
const run = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', soak.spec], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PATH: systemPath(), ...soak.env(n), ...(seed && { MAILCOFFER_SEED: seed }) },
})
run.once('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)))
