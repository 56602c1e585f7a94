import type { Job } from '../contract/work.js';
import { dataFaultOf, isContention } from '../database/unit/data-error.js';
import { countsOf, type GateCall } from '../plugins/gate.js';
import type { Message } from './message.js';

/** One try of a message, as the gate sees it. */
export const gateCallOf = ({ id, plugin, kind, name, caller }: Message): GateCall => ({
  plugin,
  part: `${kind} ${name}`,
  // One that nobody's request caused stands for itself.
  from: () => caller ?? id,
  caller: () => caller ?? id,
  // A value that the database refuses came in the payload; two changes that meet are nobody's fault.
  counts: (error) => (dataFaultOf(error) !== null || isContention(error) ? 'nothing' : countsOf(error)),
});

/** How long its handler may take. */
export const secondsOf = ({ kind }: Message, job: Pick<Job, 'timeoutSeconds'> | undefined): number =>
  kind === 'event' ? 300 : (job?.timeoutSeconds ?? 900);
