import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { servers } from '../../servers/index.ts'
import { binary, cli, temporaryFolder } from './cli.ts'
import { wrong } from './wrong-lines.ts'

describe('wrong usage is exit 2, one sentence on stderr and nothing on stdout', () => {
  for (const [words, sentence] of wrong) {
    test(`pushbench ${words}`, async () => {
      const { code, stdout, stderr } = await cli(words.split(' ').filter(word => word !== ''))
      assert.equal(code, 2, stderr)
      assert.equal(stdout, '')
      assert.match(stderr, sentence)
      assert.equal(stderr.trim().split('\n').length, 1, stderr)
    })
  }

  for (const [words, sentence] of [
    [['run', '-t', ''], /--technique: "" is empty: give a value/],
    [['run', '--server', ''], /--server: "" is empty: give a value/],
    [['verify', '--case', ''], /--case: "" names no case: give a part of a name, such as payload/],
    [['report', ''], /cannot read "": there is no such file/],
    [['trend', ''], /"": there is no such folder/],
  ] as const) {
    test(`an empty value of ${words[0]} ${words[1]}`, async () => {
      const { code, stdout, stderr } = await cli(words)
      assert.deepEqual([code, stdout], [2, ''])
      assert.match(stderr, sentence)
    })
  }

  test('a list of nothing shows what can be listed, as many as the registries say', async () => {
    const { code, stdout, stderr } = await cli(['list'])
    assert.deepEqual([code, stderr], [0, ''])
    const count = Object.keys(servers).length
    assert.match(
      stdout,
      new RegExp(`^list +entries +what it is\\ntechniques +${count} .*\\n(.*\\n)*settings +\\d+ `),
    )
  })

  test('a port that is in use is named', async context => {
    const taken = createServer()
    await new Promise<void>(resolve => taken.listen(0, '127.0.0.1', resolve))
    context.after(() => taken.close())
    const address = taken.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const { code, stderr } = await binary(['serve', 'sse', '--port', String(port)])
    assert.equal(code, 2)
    assert.match(
      stderr,
      new RegExp(`--port: ${port} on 127\\.0\\.0\\.1 is in use: give another, or 0 for a free one`),
    )
  })

  for (const [name, text, sentence] of [
    ['empty', '', /is empty/],
    ['truncated', '{"schemaVersion":1,"tool":{"name":"pushb', /is not complete JSON \(40 characters\)/],
    ['foreign', '{"results":[]}', /was not written by pushbench/],
    [
      'of another schema',
      '{"schemaVersion":7,"tool":{"name":"pushbench"}}',
      /has schemaVersion 7; this version of pushbench reads 1/,
    ],
  ] as const) {
    test(`a report of a file that is ${name} says so`, async context => {
      const file = join(temporaryFolder(context), 'results.json')
      writeFileSync(file, text)
      const { code, stderr } = await cli(['report', file])
      assert.equal(code, 2)
      assert.match(stderr, sentence)
      assert.equal(stderr.trim().split('\n').length, 1)
    })
  }
})

describe('flags come before the environment before the configuration file', () => {
  const broken = { clients: 'many' }
  test('a value in the configuration file is read, and an error names the file', async context => {
    const folder = temporaryFolder(context)
    writeFileSync(join(folder, 'pushbench.config.json'), JSON.stringify(broken))
    const { code, stderr } = await cli(['run'], { cwd: folder })
    assert.equal(code, 2)
    assert.match(stderr, /pushbench\.config\.json: clients: "many" is not a whole number/)
  })

  for (const [option, sentence] of [
    ['{"clients":[5,6]}', /config\.json: clients: takes one value, not "5" and "6"$/m],
    ['{"clients":[5]}', /config\.json: clients: takes one value, not a list$/m],
    ['{"clients":null}', /config\.json: clients: null is neither a text nor a number$/m],
    ['', /config\.json: cannot be read as configuration: Unexpected end of JSON input$/m],
    ['[]', /config\.json: the configuration is not an object of options$/m],
    ['{"technique":5}', /config\.json: technique: 5 is neither a text nor a list of texts$/m],
  ] as const) {
    test(`${option} in the configuration file is wrong in one sentence`, async context => {
      const folder = temporaryFolder(context)
      writeFileSync(join(folder, 'pushbench.config.json'), option)
      const { code, stderr } = await cli(['run'], { cwd: folder })
      assert.equal(code, 2)
      assert.match(stderr, sentence)
    })
  }

  test('an unknown key of the configuration file is named with the nearest', async context => {
    const folder = temporaryFolder(context)
    writeFileSync(join(folder, 'pushbench.config.js'), 'export default { client: 3 }')
    const { code, stderr } = await cli(['run'], { cwd: folder })
    assert.equal(code, 2)
    assert.match(stderr, /unknown option "client": did you mean "clients"\?/)
  })

  test('an error in the environment names the variable', async () => {
    const { code, stderr } = await cli(['run'], { env: { PUSHBENCH_RATE: 'fast' } })
    assert.equal(code, 2)
    assert.match(stderr, /PUSHBENCH_RATE: "fast" is not a rate/)
  })

  test('each source gives way to the one before it', async context => {
    const folder = temporaryFolder(context)
    writeFileSync(
      join(folder, 'pushbench.config.ts'),
      "export default { technique: 'sse', clients: 3 as number, rate: '50/s', duration: '1s', warmup: '100ms', seed: 3 }",
    )
    const { code, stdout, stderr } = await binary(
      ['run', '--seed', '5', '--json', '-', '-q', '-o', join(folder, 'out')],
      {
        cwd: folder,
        env: { PUSHBENCH_CLIENTS: '4', PUSHBENCH_SEED: '4' },
      },
    )
    assert.equal(code, 0, stderr)
    const [measurement] = JSON.parse(stdout).measurements
    assert.deepEqual(
      [
        measurement.technique,
        measurement.workload.ratePerSecond,
        measurement.workload.clients,
        measurement.workload.seed,
      ],
      ['sse', 50, 4, 5],
    )
  })
})
