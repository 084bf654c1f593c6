// Throws one sentence where Node.js is too old, before a dependency fails with a worse one.
import { isModernNode, oldestNode } from './node-version.js'

if (!isModernNode())
  throw new Error(
    `pushbench needs Node.js ${oldestNode} or later as a library, and this is ${process.versions.node}; only the command pushbench brings its own`,
  )
