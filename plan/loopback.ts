/** Whether an address is a loopback address. All load stays on loopback unless the user says otherwise. */
import { BlockList } from 'node:net'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/**
 * True for a loopback address and for `localhost` with the names under it, which RFC 6761 section 6.3 reserves for
 * loopback. No other name is looked up: it can resolve to another machine by the time it is used.
 * @param hostname of a URL that was parsed, so that 127.1 reads 127.0.0.1 and an IPv6 address stands in brackets
 */
export function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  if (host === 'localhost' || host.endsWith('.localhost')) return true
  return loopback.check(host, host.includes(':') ? 'ipv6' : 'ipv4')
}
