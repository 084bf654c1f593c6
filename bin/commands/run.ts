/** `pushbench run`: measures, writes the result and the report, prints the table. */
import type { Command } from '../command.ts'
import { measuringFlags } from '../flags.ts'
import { measure } from '../measuring.ts'

export const run: Command = {
  usage: 'run',
  summary: 'measure techniques side by side and write a report',
  options: measuringFlags(),
  examples: [
    ['$0 run', 'all techniques, 1,000 clients, about three minutes'],
    ['$0 run -t sse,websocket -c 5000 -R 10/s -d 30s', 'two of them under more load'],
    ['$0 run -t polling --set polling.interval=250ms', 'one technique with a setting'],
    ['$0 run --server ./my-server.ts', 'a server of your own'],
    ['$0 run --audience individual -n 5 --json -', 'a stream for each client, five runs, data to stdout'],
  ],
  teach:
    'All totals are over all client processes. Latency counts from when an event was due. All load stays on loopback unless --allow-remote names a host.\n' +
    'Durations read 500ms, 30s, 2m; rates 2/s, 30/m; sizes 128, 64KiB. Flags override PUSHBENCH_* variables, which override the configuration file.',
  handle: args => measure(args),
}
