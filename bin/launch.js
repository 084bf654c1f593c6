#!/usr/bin/env node
// The entry of the `pushbench` command. It runs on any Node and hands over to a modern one. In a checkout that runs the
// sources; in an installed package the built JavaScript, because Node strips no types in node_modules.
import { existsSync } from 'node:fs'
import { handOver, launcherPid, pinnedRuntime } from './hand-over.js'
import { isModernNode, oldestNode } from './node-version.js'
import { surviveOutputErrors } from './output-errors.js'
import { endWithStarter } from './starter.js'

if (isModernNode()) {
  endWithStarter(launcherPid)
  surviveOutputErrors()
  const source = new URL('./pushbench.ts', import.meta.url)
  await import(existsSync(source) ? source.href : new URL('../dist/bin/pushbench.js', import.meta.url).href)
} else {
  const runtime = launcherPid === undefined ? pinnedRuntime() : undefined
  if (runtime === undefined) {
    console.error(
      `pushbench: Node.js ${process.versions.node} is too old and no newer one was installed with pushbench: install Node.js ${oldestNode} or later`,
    )
    process.exitCode = 2
  } else {
    endWithStarter(launcherPid)
    handOver(runtime)
  }
}
