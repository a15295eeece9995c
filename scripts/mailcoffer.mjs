#!/usr/bin/env node
// Starts the command line with a Node.js that is new enough: this one, or the one that npm installed beside the packages.
// Plain JavaScript, so that an old Node.js can at least say what is wrong.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { engineEnvironment, engineFlags } from './engineFlags.mjs'
import { findNode } from './node24.mjs'

const main = new URL('../main/cli/main.ts', import.meta.url)
const node = findNode()

if (node === null) refuse()
else
  passOn(
    spawn(node, ['--disable-warning=ExperimentalWarning', ...engineFlags, fileURLToPath(main), ...process.argv.slice(2)], {
      stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
      // The pipe ends with this process, however it ends: the program behind it must not go on alone.
      env: { ...process.env, ...engineEnvironment, MAILCOFFER_LIFELINE: '3' },
    }),
  )

/** @param {import('node:child_process').ChildProcess} child ends as it does, and hands it the signals that we are sent */
function passOn(child) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', error => {
    console.error(`mailcoffer: ${error.message}`)
    process.exit(3)
  })
  child.on('exit', (code, signal) => {
    if (signal) process.removeAllListeners(signal)
    if (signal) process.kill(process.pid, signal)
    else process.exit(code ?? 3)
  })
}

function refuse() {
  const facts = { node: process.versions.node, needed: '22.18' }
  const message = `Node.js ${facts.node} is too old: ${facts.needed} or newer is needed (24 is best), and npm brought none along`
  if (process.argv.includes('--json')) console.log(JSON.stringify({ error: { code: 'runtime-too-old', message, facts } }))
  else console.error(`mailcoffer: ${message}. (runtime-too-old)\n  Nothing was changed.\n  Run "npm ci" in the checkout, or install Node.js 24.`)
  process.exitCode = 3
}
