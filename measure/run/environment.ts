/**
 * Where a result was measured: what changes numbers from one machine to the next.
 */

import { execFileSync } from 'node:child_process'
import { cpus, loadavg, platform, release, totalmem } from 'node:os'
import type { Result } from '../../results/result.ts'
import { readText } from '../server/read-text.ts'
import { readLimits } from './limits.ts'

/** The libraries on the measured path. */
const measuredPackages = ['undici', 'ws', 'eventsource-parser', 'hdr-histogram-js', 'autocannon'] as const

/** Reads the environment block of a result. */
export function readEnvironment(): Result['environment'] {
  const limits = readLimits()
  return {
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: limits.cores,
    memoryBytes: totalmem(),
    kernel: `${platform()} ${release()}`,
    fdLimit: limits.descriptors,
    portRange: readText('/proc/sys/net/ipv4/ip_local_port_range')?.trim().replace(/\s+/, '-') ?? null,
    congestionControl: readText('/proc/sys/net/ipv4/tcp_congestion_control')?.trim() ?? null,
    loadAverage: platform() === 'win32' ? null : (loadavg()[0] ?? null),
    gitCommit: gitCommit(),
    packages: Object.fromEntries(measuredPackages.map(name => [name, packageVersion(name)])),
  }
}

/** The commit of the working directory, so that a team's results carry the commit that they measured. */
function gitCommit(): string | null {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return null
  }
}

/** The version in a dependency's own package.json, found upwards from its main file. @throws when it is not installed */
export function packageVersion(name: string): string {
  for (let folder = new URL('.', import.meta.resolve(name)); ; folder = new URL('..', folder)) {
    const manifest = readText(new URL('package.json', folder).pathname)
    const parsed = manifest === null ? {} : (JSON.parse(manifest) as { name?: string; version?: string })
    if (parsed.name === name && parsed.version !== undefined) return parsed.version
    if (folder.pathname === '/') return 'unknown'
  }
}

/** The name and version of this tool. */
export function readTool(): Result['tool'] {
  for (let folder = new URL('.', import.meta.url); ; folder = new URL('..', folder)) {
    const manifest = readText(new URL('package.json', folder).pathname)
    if (manifest !== null)
      return { name: 'pushbench', version: (JSON.parse(manifest) as { version: string }).version }
  }
}
