import type { Job } from '../contract/work.js';
import { dataFaultOf, isContention } from '../database/unit/data-error.js';
import { countsOf, type GateCall } from '../plugins/gate.js';
import type { Message } from './message.js';

/** One try of a message, in the form that the gate counts. */
export const gateCallOf = ({ id, plugin, kind, name, caller }: Message): GateCall => ({
  plugin,
  part: `${kind} ${name}`,
  // A message not caused by a request counts as its own caller.
  from: () => caller ?? id,
  caller: () => caller ?? id,
  // A refused value came from the payload, and a conflict between two changes is no one's fault: neither counts as a failure of the
  // handler.
  counts: (error) => (dataFaultOf(error) !== null || isContention(error) ? 'nothing' : countsOf(error)),
});

/** Time limit of the handler, in seconds. */
export const secondsOf = ({ kind }: Message, job: Pick<Job, 'timeoutSeconds'> | undefined): number =>
  kind === 'event' ? 300 : (job?.timeoutSeconds ?? 900);
