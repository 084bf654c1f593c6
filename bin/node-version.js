// The oldest Node.js that runs pushbench. Plain JavaScript that any Node.js runs, like all that is loaded before the check.

const oldest = { major: 24, minor: 15 }

/** The oldest Node.js that runs pushbench, e.g. `24.15`. */
export const oldestNode = `${oldest.major}.${oldest.minor}`

/** True where this Node.js is at least the oldest one. */
export function isModernNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  return major > oldest.major || (major === oldest.major && minor >= oldest.minor)
}
