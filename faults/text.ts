/** Faults as people write them: `restart`, or `restart:at=3s:down=5s`; `at=2s..6s` draws the moment by the seed. */

import type { PlannedFault } from '../model/fault.ts'
import { formatDuration, type Parsed, parseDuration } from '../model/quantity.ts'
import type { Random } from '../model/random.ts'
import { defaults, type Setting, type Settings } from '../model/settings.ts'
import { formatNamed, type Named, parseNamed } from '../model/settings-text.ts'
import { type Micros, micros } from '../model/units.ts'
import { type FaultName, faults } from './index.ts'

/** A fault with the parameters that were given, before a seed fixes its moment. */
export type AskedFault = Named<FaultName>

/** A moment of the measured window: fixed, or drawn between two by the seed. */
interface Moment {
  readonly from: Micros
  readonly to: Micros
}

/** When a fault happens. By default after enough time to see the run without it. */
const at: Setting<string> = {
  help: 'when it happens, from the start of the measured window; 1s..3s draws the moment by the seed',
  fallback: '1s',
  form: 'duration',
  suffix: '',
  parse: text => {
    const moment = parseMoment(text)
    return 'problem' in moment ? moment : { value: formatMoment(moment.value) }
  },
  format: text => text,
}

/** The parameters of each fault: its own settings, and the moment that every fault has. */
export const faultParameters = Object.fromEntries(
  Object.entries(faults).map(([name, { settings }]): [string, Settings] => [name, { at, ...settings }]),
) as Record<FaultName, Settings>

/**
 * Reads a fault by its name, with parameters after it.
 * @param text e.g. `drop:share=0.5` or `blackhole:at=2s..4s:down=10s`
 */
export const parseFault = (text: string): Parsed<AskedFault> => parseNamed('fault', text, faultParameters)

/** The shortest text that {@link parseFault} reads back to the same fault: defaults are left out. */
export const formatFault = ({ name, values }: AskedFault): string =>
  formatNamed(name, faultParameters[name], values)

/** The fault with its moment fixed and every parameter in place. */
export function plannedFault(asked: AskedFault, random: Random): PlannedFault {
  const { at, ...values } = { ...defaults(faultParameters[asked.name]), ...asked.values }
  const moment = parseMoment(String(at))
  if ('problem' in moment) throw new RangeError(moment.problem)
  const { from, to } = moment.value
  return {
    text: formatFault(asked),
    fault: faults[asked.name],
    values,
    at: micros(Math.round(from + random() * (to - from))),
  }
}

function parseMoment(text: string): Parsed<Moment> {
  const [first = '', last = first] = text.split('..')
  const [from, to] = [parseDuration(first), parseDuration(last)]
  if ('problem' in from) return from
  if ('problem' in to) return to
  return to.value < from.value
    ? { problem: `"${text}" ends before it begins: write the earlier moment first` }
    : { value: { from: from.value, to: to.value } }
}

const formatMoment = ({ from, to }: Moment): string =>
  from === to ? formatDuration(from) : `${formatDuration(from)}..${formatDuration(to)}`
