/**
 * Makes packages with electron-builder (electron-builder.yml): `node scripts/package.mjs [--linux|--mac|--win] [targets…]`,
 * `npm run package:linux` for an unpacked directory, which needs no network beside Electron itself.
 * Users' packages are only ever made of the official Electron. `--dev-runtime` makes one of the development fallback, to try the packaging: it goes to
 * release/development, and says that it is not for users.
 */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from './build.mjs'
import { needNode24, root } from './node24.mjs'
import { findRuntime } from './runtime.mjs'

const notForUsers = `This directory was made to try the packaging. It holds an old Electron that was repackaged by a third party and gets no security fixes,
and Mailcoffer's engine does not run on it. Do not give it to anybody, and do not open real mail with it.
`

/**
 * @param {{ platform?: 'linux' | 'mac' | 'win', targets?: string[], fallback?: boolean, output?: string }} options
 * @returns {Promise<{ output: string, fallback: boolean }>} the folder that everything was written to.
 */
export async function makePackage({ platform = hostPlatform(), targets = [], fallback = false, output } = {}) {
  const runtime = await findRuntime({ fallback })
  await build()
  const { build: pack, Platform } = await import('electron-builder')
  const folder = output ?? join(root, runtime.fallback ? 'release/development' : 'release')
  const own = platform === hostPlatform()
  await pack({
    targets: Platform[{ linux: 'LINUX', mac: 'MAC', win: 'WINDOWS' }[platform]].createTarget(targets.length > 0 ? targets : undefined),
    projectDir: root,
    publish: 'never',
    config: {
      extends: join(root, 'electron-builder.yml'),
      directories: { output: folder },
      electronVersion: runtime.version,
      // Electron's own default app would run any program it is given.
      afterPack: ({ appOutDir, packager }) => rmSync(join(packager.getResourcesDir(appOutDir), 'default_app.asar'), { force: true }),
      // Another system's Electron is downloaded by electron-builder itself.
      ...(own ? { electronDist: runtime.dist } : {}),
    },
  })
  if (runtime.fallback) writeFileSync(join(folder, 'NOT-FOR-USERS.txt'), notForUsers)
  return { output: folder, fallback: runtime.fallback }
}

function hostPlatform() {
  if (process.platform === 'darwin') return 'mac'
  return process.platform === 'win32' ? 'win' : 'linux'
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  needNode24()
  const args = process.argv.slice(2)
  const platform = ['linux', 'mac', 'win'].find(name => args.includes(`--${name}`))
  try {
    const { output, fallback } = await makePackage({
      platform,
      targets: args.filter(arg => !arg.startsWith('--')),
      fallback: args.includes('--dev-runtime'),
    })
    console.log(`written to ${output}${fallback ? ' (NOT FOR USERS: made of the development runtime)' : ''}`)
  } catch (error) {
    console.error(error.message)
    process.exit(3)
  }
}
