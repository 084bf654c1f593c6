// The entry of the installed library. Modules are evaluated in the order of their imports, so the check comes first.
import './bin/require-modern-node.js'

export * from './dist/index.js'
