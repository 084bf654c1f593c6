/** Pairs whose client half is the page script of the technique, with what such a page cannot do as deviations. */
import { clients } from '../../clients/index.ts'
import type { ClientTechnique, ServerTechnique } from '../../measure/technique.ts'
import { caseDeviations, type PageClient, type PageKind } from '../../pages/index.ts'
import { servers } from '../../servers/index.ts'
import type { VerifiedPair, VerifyOptions } from '../../verify/suite.ts'

/** Every technique with page clients of a kind. */
export const pagePairs = (kind: PageKind, halves: Readonly<Record<string, PageClient>>): VerifiedPair[] =>
  Object.entries(servers).map(([technique, server]) => {
    const wire = (clients as Record<string, ClientTechnique>)[technique]
    const page = halves[technique]
    if (wire === undefined || page === undefined) throw new Error(`${technique} has no page half`)
    const { silence: _, ...declared } = wire
    return {
      technique,
      server: { ...(server as ServerTechnique), deviations: caseDeviations(technique, kind) },
      client: { ...declared, create: page.create },
    }
  })

/** A small page, because what its size costs is not what the suite asks. */
export const smallPages: VerifyOptions = { settings: { page: 1_024, assets: 0 } }
