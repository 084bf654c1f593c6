// Throws one sentence where Node.js is too old, before a dependency fails with a worse one.
import { isModernNode, oldestNode } from './node-version.js'

if (!isModernNode())
  throw new Error(
    `pushbench as a library needs Node.js ${oldestNode} or later, and this is ${process.versions.node}: run the program with a newer one`,
  )
