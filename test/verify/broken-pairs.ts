/**
 * Pairs with one flaw each, made from a sound one, and the conformance cases that must find it.
 */
import { LossError } from '../../model/loss.ts'
import {
  answeringEverything,
  calling,
  connecting,
  NaiveClient,
  observing,
  publishing,
  receiving,
  serving,
  sound,
} from './flaws.ts'
import { type BrokenPair, neglectfulPairs } from './neglectful-pairs.ts'

/** Pairs that fail in what they do; the first loses an event. */
const faultyPairs: readonly BrokenPair[] = [
  {
    flaw: 'drops an event',
    pair: publishing((server, stream, event) => {
      if (event.seq !== 7) server.publish(stream, event)
    }),
    caughtBy: ['burst of 1,000', 'two clients', 'resume'],
  },
  {
    flaw: 'delivers an event twice',
    pair: receiving(sink => ({
      event(event) {
        sink.event(event)
        if (event.seq === 7) sink.event(event)
      },
    })),
    caughtBy: ['burst of 1,000', 'two clients'],
  },
  {
    flaw: 'delivers the last event of a burst twice',
    pair: receiving(sink => ({
      event(event) {
        sink.event(event)
        if (event.seq === 1_000) sink.event(event)
      },
    })),
    caughtBy: ['burst of 1,000'],
  },
  {
    flaw: 'swaps two events',
    pair: publishing((server, stream, event) => {
      const seq = event.seq === 7 ? 8 : event.seq === 8 ? 7 : event.seq
      server.publish(stream, { ...event, seq })
    }),
    caughtBy: ['burst of 1,000'],
  },
  ...[
    { flaw: 'joins lines', change: (payload: string) => payload.replaceAll('\n', ''), payload: 'line feed' },
    { flaw: 'takes CR LF for LF', change: (p: string) => p.replaceAll('\r\n', '\n'), payload: 'CR LF' },
    { flaw: 'trims', change: (p: string) => p.trim(), payload: 'line feed' },
    { flaw: 'drops NUL', change: (p: string) => p.replaceAll('\0', ''), payload: 'NUL' },
    { flaw: 'unescapes twice', change: (p: string) => p.replaceAll('&lt;', '<'), payload: 'HTML entities' },
    { flaw: 'cuts long texts', change: (p: string) => p.slice(0, 65_535), payload: '64 KiB' },
    { flaw: 'has no empty event', change: (p: string) => p || 'null', payload: 'empty' },
    { flaw: 'makes text well-formed', change: (p: string) => p.toWellFormed(), payload: 'lone surrogate' },
  ].map(({ flaw, change, payload }) => ({
    flaw,
    pair: receiving(sink => ({ event: event => sink.event({ ...event, payload: change(event.payload) }) })),
    caughtBy: [`payload: ${payload}`],
  })),
  {
    flaw: 'gives everybody everything',
    pair: publishing((server, _, event) => server.publish(0, event)),
    caughtBy: ['two streams'],
  },
  {
    flaw: 'decodes each piece of the network by itself',
    pair: { ...sound, client: { ...sound.client, create: ({ url }) => new NaiveClient(url) } },
    caughtBy: ['bytes arrive singly'],
  },
  {
    flaw: 'counts a hand-over twice',
    pair: observing(observer => ({
      ...observer,
      handedOver(event, wait, receivers) {
        observer.handedOver(event, wait, 2 * receivers)
      },
    })),
    caughtBy: ['hand-overs are counted'],
  },
  {
    flaw: 'starts over after a loss',
    pair: receiving(() => ({ cursor: 0 })),
    caughtBy: ['resume', 'cut in a burst', 'server restarts', 'drain to a successor'],
  },
  {
    flaw: 'asks for nothing that it missed',
    pair: receiving(() => ({ cursor: 999_999 })),
    caughtBy: ['resume', 'cut in a burst', 'server restarts', 'overrun'],
  },
  {
    flaw: 'keeps an overrun to itself',
    pair: receiving(() => ({ overrun() {} })),
    caughtBy: ['overrun'],
  },
  {
    flaw: 'holds on to clients that are gone',
    pair: serving(server => {
      let most = 0
      return {
        get subscribers() {
          most = Math.max(most, server.subscribers)
          return most
        },
        publish(stream, event) {
          most = Math.max(most, server.subscribers)
          server.publish(stream, event)
        },
      }
    }),
    caughtBy: ['clients that leave', 'abrupt disconnects', 'server closes'],
  },
  {
    flaw: 'says that it is closed before it is',
    pair: serving(server => ({
      async close() {
        setTimeout(() => void server.close(), 800)
      },
    })),
    caughtBy: ['server closes'],
  },
  {
    flaw: 'takes another port when its own is in use',
    pair: serving(server => ({
      listen: address => server.listen(address).catch(() => server.listen({ ...address, port: 0 })),
    })),
    caughtBy: ['port in use'],
  },
  {
    flaw: 'keeps its connection when it closes',
    pair: calling(adapter => ({
      async close() {
        setTimeout(() => void adapter.close(), 800)
      },
    })),
    caughtBy: ['clients that leave'],
  },
  {
    flaw: 'throws when it cannot connect',
    pair: connecting(error => error.loss),
    caughtBy: ['nothing listens', 'status 500', 'no HTTP', 'foreign page', 'cut answer'],
  },
  {
    flaw: 'calls every loss a timeout',
    pair: connecting(({ message }) => new LossError({ cause: 'timeout', detail: message })),
    caughtBy: ['nothing listens', 'status 500', 'no HTTP', 'foreign page', 'cut answer', 'server closes'],
  },
  {
    flaw: 'answers 200 to everything',
    pair: serving(answeringEverything),
    caughtBy: ['bad cursor', 'bad stream', 'unknown path'],
  },
]

/** Every flawed pair; the first loses an event. */
export const brokenPairs: readonly BrokenPair[] = [...faultyPairs, ...neglectfulPairs]
