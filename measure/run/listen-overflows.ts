/** The kernel's own count of connections that it dropped because a listen queue was full. */
import { readText } from '../server/read-text.ts'

/**
 * The counter `ListenOverflows` of `/proc/net/netstat`: every socket of the host, since it was booted.
 * @returns null where the kernel does not count
 */
export function readListenOverflows(): number | null {
  const [names = '', values = ''] = readText('/proc/net/netstat')?.split('\n').filter(isTcpExt) ?? []
  const at = names.split(' ').indexOf('ListenOverflows')
  const value = Number(values.split(' ')[at])
  return at > 0 && Number.isSafeInteger(value) ? value : null
}

const isTcpExt = (line: string): boolean => line.startsWith('TcpExt:')

/** How much the kernel's count has grown; null where it is not known. */
export function listenOverflowsSince(before: number | null): number | null {
  const now = readListenOverflows()
  return before === null || now === null ? null : now - before
}
