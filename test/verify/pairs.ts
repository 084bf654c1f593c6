/** The pairs of the registry, as the conformance tests run them. */
import { clients } from '../../clients/index.ts'
import type { ClientTechnique, ServerTechnique } from '../../model/technique.ts'
import { servers } from '../../servers/index.ts'
import type { VerifiedPair, VerifyOptions } from '../../verify/suite.ts'

/** Every technique of the registry. */
export const pairs: readonly VerifiedPair[] = Object.entries(servers).map(([technique, server]) => {
  const clientAdapters: Record<string, ClientTechnique> = clients
  const client = clientAdapters[technique]
  if (client === undefined) throw new Error(`${technique} has no client adapter`)
  return { technique, server: server as ServerTechnique, client }
})

/** A busy machine takes long; what is known not to come about need not be waited for. */
export const deadlineOf = ({ server }: VerifiedPair): VerifyOptions =>
  server.deviations === undefined ? { deadlineMs: 20_000 } : {}
