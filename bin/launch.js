#!/usr/bin/env node
// The entry of the `pushbench` command. It runs on any Node and hands over to a modern one. In a checkout that runs the
// sources; in an installed package the built JavaScript, because Node strips no types in node_modules.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const modern = major > 24 || (major === 24 && minor >= 15)

if (modern) {
  const source = new URL('./pushbench.ts', import.meta.url)
  await import(existsSync(source) ? source.href : new URL('../dist/bin/pushbench.js', import.meta.url).href)
} else {
  process.exitCode = handOver(pinnedRuntime())
}

/** The runtime that npm installed next to this package, if it has one for this platform. */
function pinnedRuntime() {
  try {
    const manifest = createRequire(import.meta.url).resolve(
      `node-${process.platform}-${process.arch}/package.json`,
    )
    return fileURLToPath(new URL('./bin/node', `file://${manifest}`))
  } catch {
    return undefined
  }
}

function handOver(runtime) {
  if (runtime === undefined || process.env.PUSHBENCH_HANDED_OVER) {
    console.error(
      `pushbench: Node.js ${process.versions.node} is too old and no newer one was installed with pushbench: install Node.js 24.15 or later`,
    )
    return 2
  }
  const child = spawnSync(runtime, process.argv.slice(1), {
    stdio: 'inherit',
    env: { ...process.env, PUSHBENCH_HANDED_OVER: '1' },
  })
  return child.status ?? 130
}
