/**
 * Builds dist/: renderer (Chromium 130), preload and shell (CommonJS, Node 20.18), engine with its threads and the command line (ESM).
 * `node scripts/build.mjs [renderer preload shell engine]`: all of them, or those named. About two seconds.
 */
import { existsSync } from 'node:fs'
import { cp, rm } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { needNode24, root } from './node24.mjs'

/** What ships is what is tested: the oldest runtime we start on decides the targets. */
const browser = 'chrome130'
const node = 'node20.18'
const builtins = [...builtinModules, ...builtinModules.map(name => `node:${name}`)]

/** The engine's entry, its threads (each lies beside the bundle, where base/threads.ts looks), and the command line, which shares them. */
async function engineEntries() {
  const { threadEntry } = await import('../main/engine/base/threads.ts')
  const threads = ['pool', 'opening', 'reader', 'outlook'].map(name => [name, fileURLToPath(threadEntry(name))])
  const entries = [['entry', join(root, 'main/engine/entry.ts')], ['cli', join(root, 'main/cli/main.ts')], ...threads]
  return Object.fromEntries(entries.filter(([, file]) => existsSync(file)))
}

const parts = {
  renderer: async () => {
    const { default: react } = await import('@vitejs/plugin-react')
    return {
      root: join(root, 'renderer'),
      plugins: [react()],
      build: {
        target: browser,
        outDir: join(root, 'dist/renderer'),
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        chunkSizeWarningLimit: 4000,
      },
    }
  },
  /** The PDF page's two scripts, each whole in one file: a page without an origin may load scripts, and no modules. */
  pdf: () => [pdfScript('frame'), pdfScript('worker')],
  preload: () =>
    nodeBundle({ bridge: join(root, 'preload/bridge.ts') }, { target: browser, format: 'cjs', external: ['electron'], outDir: 'dist/preload' }),
  shell: () =>
    nodeBundle(
      { main: join(root, 'main/shell/main.ts') },
      { target: node, format: 'cjs', external: ['electron', ...builtins], outDir: 'dist/shell' },
    ),
  engine: async () =>
    // better-sqlite3 is a native addon: it stays in node_modules, where its prebuilt binaries are.
    nodeBundle(await engineEntries(), { target: node, format: 'es', external: ['better-sqlite3', ...builtins], outDir: 'dist/engine' }),
}

export async function build(names = Object.keys(parts)) {
  const { build: viteBuild } = await import('vite')
  // The test runner says NODE_ENV=test, and Vite would then build React for development: what is tested must be what ships.
  process.env.NODE_ENV = 'production'
  await Promise.all(
    names.map(async name => {
      const outDir = join(root, 'dist', name)
      await rm(outDir, { recursive: true, force: true })
      for (const config of [await parts[name]()].flat())
        await viteBuild({
          configFile: false,
          logLevel: 'warn',
          ...config,
          build: { sourcemap: true, reportCompressedSize: false, emptyOutDir: true, ...config.build },
        })
      // Tables that East Asian PDFs name instead of holding them (mail/attached/pdf.ts).
      if (name === 'engine') await cp(join(root, 'node_modules/pdfjs-dist/cmaps'), join(outDir, 'cmaps'), { recursive: true })
    }),
  )
}

function pdfScript(name) {
  return {
    root,
    define: { 'import.meta.url': 'undefined', 'import.meta.resolve': 'undefined' },
    publicDir: name === 'frame' ? join(root, 'renderer/pdf/public') : false,
    build: {
      target: browser,
      outDir: join(root, 'dist/pdf'),
      emptyOutDir: false,
      sourcemap: false,
      chunkSizeWarningLimit: 4000,
      rolldownOptions: {
        input: { [name]: join(root, `renderer/pdf/${name}.ts`) },
        output: { format: 'iife', entryFileNames: '[name].js', codeSplitting: false },
      },
    },
  }
}

function nodeBundle(input, { target, format, external, outDir }) {
  const ending = format === 'cjs' ? 'cjs' : 'mjs'
  return {
    root,
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: true,
      target,
      outDir: join(root, outDir),
      minify: false,
      rolldownOptions: {
        input,
        external,
        // Chunks lie beside the entries: the engine finds its threads relative to the file that asks.
        output: { format, entryFileNames: `[name].${ending}`, chunkFileNames: `[name]-[hash].${ending}`, exports: 'auto' },
      },
    },
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  needNode24()
  const started = performance.now()
  await build(process.argv.length > 2 ? process.argv.slice(2) : undefined)
  console.log(`built in ${((performance.now() - started) / 1000).toFixed(1)} s`)
}
