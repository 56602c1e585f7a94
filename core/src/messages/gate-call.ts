import type { Job } from '../contract/work.js';
import { dataFaultOf, isContention } from '../database/unit/data-error.js';
import { countsOf, type GateCall } from '../plugins/gate.js';
import type { Message } from './message.js';

/** One try of a message, as the gate counts it. */
export const gateCallOf = ({ id, plugin, kind, name, caller }: Message): GateCall => ({
  plugin,
  part: `${kind} ${name}`,
  // A message that no request caused counts as its own caller.
  from: () => caller ?? id,
  caller: () => caller ?? id,
  // A refused value came in the payload, and two conflicting changes are nobody's fault: neither says anything of the handler.
  counts: (error) => (dataFaultOf(error) !== null || isContention(error) ? 'nothing' : countsOf(error)),
});

/** Time limit of the handler, in seconds. */
export const secondsOf = ({ kind }: Message, job: Pick<Job, 'timeoutSeconds'> | undefined): number =>
  kind === 'event' ? 300 : (job?.timeoutSeconds ?? 900);
