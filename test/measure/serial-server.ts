/**
 * A pair whose ceiling is known beforehand: the server answers one request at a time, each at an instant of a fixed
 * grid, so that its requests per second are those of the grid and no others. Found by child processes like the
 * real registries: this module exports `servers` and `clients`.
 */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { choice, duration } from '../../model/settings.ts'
import type { Pair } from '../../model/subject.ts'
import { clientTechnique, serverTechnique } from '../../model/technique.ts'
import { milliseconds, toMilliseconds } from '../../model/units.ts'

export const servers = {
  serial: serverTechnique({
    family: 'pull',
    summary: 'answers one request after the other',
    reference: 'none',
    year: 2026,
    mechanism: 'a request is answered when it is its turn',
    needs: { browser: 'none', server: 'none', proxy: 'none' },
    crossesOrigins: 'no',
    errors: 'none',
    settings: {
      each: duration('5ms', 'from one answer to the next'),
      status: choice(['200', '500'], 'of every answer'),
    },
    create(_, { each, status }) {
      const waiting: ServerResponse[] = []
      const [eachMs, startedAt] = [toMilliseconds(each), performance.now()]
      let answered = 0
      // A late timer does not shift the grid: the next instant follows from the grid.
      const timer = setInterval(() => {
        const due = Math.floor((performance.now() - startedAt) / eachMs)
        for (; answered < due; answered++) waiting.shift()?.writeHead(Number(status)).end('[]')
      }, 1)
      const http = createServer((request, response) => {
        request.resume()
        waiting.push(response)
      })
      return {
        listen: ({ host, port }) =>
          new Promise(resolve =>
            http.listen(port, host, () =>
              resolve(new URL(`http://${host}:${(http.address() as AddressInfo).port}/events`)),
            ),
          ),
        publish() {},
        async close() {
          clearInterval(timer)
          http.closeAllConnections()
          await new Promise(resolve => http.close(resolve))
        },
        subscribers: 0,
      }
    },
    watch: () => '',
  }),
}

export const clients = {
  serial: clientTechnique({
    settings: {},
    create: () => {
      throw new Error('only the ceiling is measured with this pair')
    },
    drain: () => milliseconds(0),
    ceiling: ({ url }) => ({
      method: 'GET',
      path: `${url.pathname}${url.search}`,
      headers: ['X-Test', 'yes'],
    }),
  }),
}

/** The pair. */
export const serialPair: Pair = {
  technique: 'serial',
  server: servers.serial,
  serverModule: import.meta.url,
  client: clients.serial,
  clientModule: import.meta.url,
}
