/** The workflow of docs/ci.md in a project of a user's own: what it says of servers with one defect each. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Caches, type Outcome, readAction, runJob } from './action-job.ts'
import { workflowOf } from './docs/ci-page.ts'
import { servers } from './packed-project.ts'

/** Small, and with enough deliveries to drop one of 200. */
const small = { clients: 10, rate: '100/s', duration: '400ms', warmup: '100ms' }
/** Fewer runs of four metrics can never show a difference. */
export const fewestRuns = 6

/** What the workflow says of a server, and what stands in its output. */
export interface Expected {
  readonly server: keyof typeof servers
  readonly runs: number
  readonly code: number
  readonly verdict: string
  /** The only metrics that regressed, in the order of the report. */
  readonly regressed: readonly string[]
  /** Of the comment on the pull request. */
  readonly says: RegExp
}

/** What no other work on the machine changes: one run of the head shows no difference of speed. */
export const expectations: readonly Expected[] = [
  {
    server: 'throws',
    runs: 1,
    code: 3,
    verdict: 'regressed',
    regressed: ['runs.valid'],
    says: /new: 1 of 1 run broke: the server(?: of \.\/server\.ts)? failed: no such room \\\(at server\.ts:\d+:\d+\\\)/,
  },
  {
    server: 'exits',
    runs: 1,
    code: 3,
    verdict: 'regressed',
    regressed: ['runs.valid'],
    says: /new: 1 of 1 run broke: the server(?: of \.\/server\.ts)? exited with code 7/,
  },
  {
    server: 'hangs',
    runs: 1,
    code: 3,
    verdict: 'regressed',
    regressed: ['runs.valid'],
    says: /new: 1 of 1 run broke: the server of \.\/server\.ts gave no answer within 10 s/,
  },
  {
    server: 'drops 1 of 200',
    runs: 1,
    code: 3,
    verdict: 'regressed',
    regressed: ['events.lost'],
    says: /new: \d+ of \d+ deliveries lost, in 1 of 1 run; the base has none in 2 runs/,
  },
]

/** Its other metrics depend on the speed of the machine. */
export const sendsMore: Expected = {
  server: 'sends 60 bytes more',
  runs: fewestRuns,
  code: 3,
  verdict: 'regressed',
  regressed: ['egress.perDelivery'],
  says: /14[89] B \| 20[89] B \| .*at least the 1 % that matters/,
}

/** The jobs of the workflow in a project, one after the other. */
export class Gate {
  readonly #folder: string
  readonly #caches: Caches = new Map()
  readonly #workload: Readonly<Record<string, unknown>>
  #count = 0

  /** @param workload options of a run; unless given, ten clients for less than half a second */
  constructor(folder: string, workload: Readonly<Record<string, unknown>> = small) {
    this.#folder = folder
    this.#workload = workload
  }

  /** A push to main with a server. */
  push(server: string = servers.sound, runs = fewestRuns): Outcome {
    return this.#job(server, runs, { event_name: 'push', ref_name: 'main' })
  }

  /** A pull request with a server. */
  pull(server: string, runs = fewestRuns): Outcome {
    return this.#job(server, runs, {
      event_name: 'pull_request',
      ref_name: '7/merge',
      base_ref: 'main',
      'event.pull_request.number': '7',
    })
  }

  #job(server: string, runs: number, github: Readonly<Record<string, string>>): Outcome {
    const folder = this.#folder
    writeFileSync(join(folder, 'server.ts'), server)
    writeFileSync(
      join(folder, 'pushbench.config.json'),
      JSON.stringify({ server: './server.ts', ...this.#workload, runs }),
    )
    this.#count++
    return runJob({
      action: readAction(join(folder, 'node_modules/pushbench/action.yml')),
      folder,
      // What a job before it left in the folder is none of this one's.
      inputs: { ...workflowOf('push latency').with, output: `pushbench-results/${this.#count}` },
      github: {
        ...github,
        run_id: String(this.#count),
        server_url: 'https://github.example',
        repository: 'team/shop',
      },
      caches: this.#caches,
    })
  }
}

/** The metrics that the comment of a pull request calls regressed. */
export const regressedIn = (comment: string): string[] =>
  [
    ...(/^### Regressed\n\n([\s\S]*?)\n\n/m.exec(comment)?.[1] ?? '').matchAll(/^\| [^|]+ \| ([\w.]+) \|/gm),
  ].flatMap(([, metric = '']) => (metric === 'metric' ? [] : metric))

/** The comment that a job left for its pull request. */
export const commentOf = ({ artifacts }: Outcome): string =>
  readFileSync(join(artifacts['pushbench-comment'] ?? '', 'comment.md'), 'utf8')

/** Asserts what the workflow says of a server. */
export function meets(outcome: Outcome, { code, verdict, regressed, says }: Expected): void {
  assert.equal(outcome.code, code, outcome.log)
  assert.equal(outcome.outputs['verdict'], verdict)
  const comment = commentOf(outcome)
  assert.deepEqual(regressedIn(comment), regressed, comment)
  assert.match(comment, says)
}
