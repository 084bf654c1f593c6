/** Pairs whose client adapter runs the page script of the technique, with what such a page cannot do as deviations. */
import { clients } from '../../clients/index.ts'
import type { ClientTechnique, ServerTechnique } from '../../model/technique.ts'
import {
  caseDeviations,
  type PageClient,
  type PageKind,
  type PageTechnique,
  pages,
} from '../../pages/index.ts'
import { servers } from '../../servers/index.ts'
import type { VerifiedPair, VerifyOptions } from '../../verify/suite.ts'

/** Every technique that has a page script, with page clients of a kind. */
export const pagePairs = (kind: PageKind, adapters: Readonly<Record<string, PageClient>>): VerifiedPair[] =>
  (Object.keys(pages) as PageTechnique[]).map(technique => {
    const page = adapters[technique]
    if (page === undefined) throw new Error(`${technique} has no page clients`)
    const { silence: _, ...declared } = clients[technique] as ClientTechnique
    return {
      technique,
      server: { ...(servers[technique] as ServerTechnique), deviations: caseDeviations(technique, kind) },
      client: { ...declared, create: page.create },
    }
  })

/** A small page, because what its size costs is not what the suite asks. */
export const smallPages: VerifyOptions = { settings: { page: 1_024, assets: 0 } }
