import { Problem, type Reply, reply } from '@ilearn/core';
import { saying } from './messages.js';

/** Both ids, which the error messages of negotiations and transfers need (§7.3, §9.3). */
export interface Pids {
  consumerPid: string;
  providerPid: string;
}

const unknown = 'urn:i-learn:unknown';

/** A message that is not possible now, or does not fit. Nothing changes. */
export const refused = (code: string, detail: string, pids: Partial<Pids> = {}): Problem =>
  new Problem({ type: `data-space/${code}`, status: 400, title: 'Refused', detail, extra: { pids } });

/** What does not exist, or belongs to somebody else: nobody learns which. */
export const noSuchProcess = (): Problem =>
  new Problem({ type: 'data-space/unknown', status: 404, title: 'Not found', detail: 'There is no such process.' });

const errorBody = (type: string, { status, type: code, title, detail, errors }: Problem, pids: object) => ({
  ...saying(type, pids),
  code: `${status}:${code}`,
  reason: [detail ?? title, ...(errors ?? []).map(({ message }) => message)],
});

const pidsOf = ({ extra }: Problem): Pids => ({ consumerPid: unknown, providerPid: unknown, ...(extra['pids'] as object) });

const send = (problem: Problem, body: object): Reply => reply(problem.status, body, problem.headers);

export const catalogProblem = (problem: Problem): Reply => send(problem, errorBody('CatalogError', problem, {}));
export const negotiationProblem = (problem: Problem): Reply =>
  send(problem, errorBody('ContractNegotiationError', problem, pidsOf(problem)));
export const transferProblem = (problem: Problem): Reply => send(problem, errorBody('TransferError', problem, pidsOf(problem)));
