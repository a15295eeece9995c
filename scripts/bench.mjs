/** `npm run bench -- NAME [options]` runs bench/NAME.bench.ts; without a name it lists what there is to measure. */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { engineEnvironment, engineFlags } from './engineFlags.mjs'
import { needNode24, root } from './node24.mjs'

needNode24()
const folder = join(root, 'bench')
const [name, ...args] = process.argv.slice(2)
const file = name && join(folder, `${name}.bench.ts`)

if (!file || !existsSync(file)) {
  if (file) console.error(`There is no bench "${name}".\n`)
  console.log('Usage: npm run bench -- NAME [options]\n')
  for (const each of readdirSync(folder).filter(one => one.endsWith('.bench.ts')))
    console.log(`  ${each.replace('.bench.ts', '').padEnd(10)} ${purpose(each)}`)
  process.exit(file ? 2 : 0)
}

// What is measured in this process is the engine, and it runs as it always does.
const run = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...engineFlags, file, ...args], {
  stdio: 'inherit',
  env: { ...process.env, ...engineEnvironment },
})
run.once('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)))

/** The first sentence of the comment it begins with. */
function purpose(bench) {
  const comment = /^\/\*\*([\s\S]*?)\*\//.exec(readFileSync(join(folder, bench), 'utf8'))?.[1] ?? ''
  return comment
    .replaceAll(/\s*\n\s*\*\s?/g, ' ')
    .trim()
    .split(/\.(?:\s|$)/)[0]
}
