import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Position, Problem } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import { tiers } from '../releases/definition.js';
import { pageSize } from '../releases/page.js';
import type { Releases } from '../releases/releases.js';
import { idOf } from './messages.js';
import { type Because, mostOpen, type Negotiations, pidsOf } from './negotiations.js';
import type { Partner } from './partners.js';
import { noSuchProcess, refused } from './refusals.js';
import { type Actor, afterTransfer, type TransferMove, type TransferState } from './states.js';

interface Needs extends Dependencies {
  releases: Releases;
  negotiations: Negotiations;
}

export interface Transfer {
  id: string;
  partnerId: string;
  agreementId: string;
  releaseId: string;
  consumerPid: string;
  callback: string;
  state: TransferState;
  suspendedBy: Actor | null;
  starts: number;
}

/** The only way in which data are handed over: the consumer fetches them. */
export const FORMAT = 'HttpData-PULL';

/** Transfers. Each is changed under a lock of its row. */
export class Transfers {
  readonly #needs: Needs;

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  /**
   * Begins a transfer. The same request again finds the one that it began.
   *
   * @throws Problem 400 if there is no agreement of this partner that holds, or the format or address does not do
   */
  async request(
    partner: Partner,
    asked: {
      consumerPid: string;
      agreementId: string;
      format: string;
      callbackAddress: string;
      dataAddress?: object | undefined;
    },
  ): Promise<Transfer> {
    const { consumerPid, callbackAddress: callback } = asked;
    const { knex, negotiations } = this.#needs;
    if (asked.format !== FORMAT) throw refused('format', `The only format is ${FORMAT}.`, { consumerPid });
    if (asked.dataAddress !== undefined)
      throw refused('push', 'Data are fetched, not sent: give no dataAddress.', { consumerPid });
    negotiations.checkCallback(callback, { consumerPid });
    const agreement = await this.#valid()
      .where({ 'a.id': idOf(asked.agreementId), 'a.partner_id': partner.id })
      .first('a.id');
    if (agreement === undefined) throw refused('agreement', 'There is no such agreement, or it has ended.', { consumerPid });
    const [added] = await knex('transfers')
      .insert({ partner_id: partner.id, agreement_id: agreement.id, consumer_pid: consumerPid, callback })
      .onConflict(['partner_id', 'consumer_pid'])
      .ignore()
      .returning('id');
    const [found] = await this.#rows().where({ 't.partner_id': partner.id, 't.consumer_pid': consumerPid });
    if (found === undefined) throw noSuchProcess();
    if (added === undefined) {
      if (found.agreementId !== agreement.id || found.callback !== callback)
        throw refused('pid-used', 'This consumerPid stands for another transfer.', pidsOf(found));
      return found;
    }
    const open = await knex('transfers')
      .where({ partner_id: partner.id })
      .whereNotIn('state', ['COMPLETED', 'TERMINATED'])
      .limit(mostOpen + 1)
      .select('id');
    if (open.length > mostOpen) throw refused('too-many', `At most ${mostOpen} transfers are open at once.`, { consumerPid });
    return partner.automatic ? this.move(found.id, 'start') : found;
  }

  /** @throws Problem 404 if it is unknown, or of another partner */
  async get(partner: Partner, providerPid: string): Promise<Transfer> {
    const [found] = await this.#rows().where({ 't.id': idOf(providerPid), 't.partner_id': partner.id });
    if (found === undefined) throw noSuchProcess();
    return found;
  }

  /** A message of the consumer. @throws Problem 404; 400 if it is not possible now, or the pids do not fit */
  async hear(
    partner: Partner,
    providerPid: string,
    move: TransferMove,
    told: { consumerPid: string; providerPid: string } & Because,
  ): Promise<void> {
    const found = await this.get(partner, providerPid);
    if (found.consumerPid !== told.consumerPid || idOf(told.providerPid) !== found.id)
      throw refused('pids', 'The pids do not belong together.', pidsOf(found));
    await this.#change(found.id, move, 'consumer', told);
  }

  /** A decision of the provider, which the consumer is told. @throws Problem 404; 400 if it is not possible now */
  async move(id: string, move: TransferMove, because: Because = {}): Promise<Transfer> {
    const moved = await this.#change(id, move, 'provider', because);
    await this.#tell(id, move);
    return moved;
  }

  /** Suspends all transfers of a partner, so that each needs a start by the portal, with a new token. */
  async suspendAll(partnerId: string): Promise<void> {
    // What the consumer suspended it could start itself, with the token that may be known.
    await this.#needs.knex('transfers').where({ partner_id: partnerId, state: 'SUSPENDED' }).update({ suspended_by: 'provider' });
    const running = await this.#idsOf({ partner_id: partnerId }, ['STARTED']);
    for (const id of running) await this.move(id, 'suspend', { reason: ['The token of the partner was replaced.'] });
  }

  /** Ends all transfers of a partner who was stopped, who is told nothing. */
  async dropAll(partnerId: string): Promise<void> {
    const { knex } = this.#needs;
    await knex('transfers')
      .where({ partner_id: partnerId })
      .whereNotIn('state', ['COMPLETED', 'TERMINATED'])
      .update({ state: 'TERMINATED', suspended_by: null, updated_at: knex.fn.now() });
  }

  /** Ends what still runs under agreements that are over by now. */
  async endExpired(): Promise<void> {
    const { knex } = this.#needs;
    const over: string[] = await knex('transfers as t')
      .join('agreements as a', 'a.id', 't.agreement_id')
      .whereNotIn('t.state', ['COMPLETED', 'TERMINATED'])
      .whereRaw('a.ends_at <= now()')
      .distinct('a.id')
      .limit(mostOpen)
      .pluck('a.id');
    for (const agreement of over) await this.endAll(agreement);
  }

  /** Ends all transfers of an agreement that has ended. */
  async endAll(agreementId: string): Promise<void> {
    const open = await this.#idsOf({ agreement_id: agreementId }, ['REQUESTED', 'STARTED', 'SUSPENDED']);
    for (const id of open) await this.move(id, 'terminate', { reason: ['The agreement has ended.'] });
  }

  #idsOf(whose: object, states: readonly TransferState[]): Promise<string[]> {
    const found = this.#needs.knex('transfers').where(whose).whereIn('state', states);
    return found.orderBy('id').limit(mostOpen).forUpdate().pluck('id');
  }

  /** What is handed over: first what is not over; the latest first. One more than a page if there are more. */
  list(after: Position | null): Promise<(Transfer & { organisation: string; title: string; rank: number })[]> {
    const rank = `case when t.state in ('COMPLETED', 'TERMINATED') then 1 else 0 end`;
    const found = this.#rows()
      .join('partners as p', 'p.id', 't.partner_id')
      .join('releases as r', 'r.id', 'a.release_id')
      .join('data_sets as d', 'd.id', 'r.data_set_id')
      .select('p.organisation', 'd.title', { rank: this.#needs.knex.raw(rank) })
      .orderByRaw(`${rank}, t.created_at desc, t.id desc`)
      .limit(pageSize + 1);
    if (after !== null) {
      const [last, id] = after as [number, string];
      found.whereRaw(
        `(${rank} > ? or ${rank} = ? and (t.created_at, t.id) < (select created_at, id from transfers where id = ?))`,
        [last, last, id],
      );
    }
    return found;
  }

  async one(id: string): Promise<Transfer> {
    const [found] = await this.#rows().where({ 't.id': id });
    if (found === undefined) throw noSuchProcess();
    return found;
  }

  /** The token of a start, computed from the portal's master key; none is stored. */
  async tokenOf({ id, starts }: Pick<Transfer, 'id' | 'starts'>): Promise<string> {
    const key = await this.#needs.secrets.key('transfer-tokens');
    return createHmac('sha256', key).update(`${id} ${starts}`).digest('base64url');
  }

  /**
   * The data of a transfer, if its token is right and the transfer runs, its agreement holds, and the partner is not stopped: all of it looked
   * up at each fetch.
   *
   * @throws Problem 403, which does not say what is wrong
   */
  async data(id: string, header: string | undefined): Promise<{ csv: string; version: number; sha256: string }> {
    const token = /^Bearer ([\w-]{20,200})$/i.exec(header ?? '')?.[1] ?? '';
    const [found] = await this.#rows().where({ 't.id': id, 't.state': 'STARTED' });
    if (found === undefined || !isSame(token, await this.tokenOf(found))) throw noData();
    const agreement = await this.#valid().where({ 'a.id': found.agreementId }).first('a.id');
    if (agreement === undefined) throw noData();
    return this.#needs.releases.content(found.releaseId, tiers);
  }

  async #change(id: string, move: TransferMove, by: Actor, { code, reason }: Because): Promise<Transfer> {
    const { knex } = this.#needs;
    await knex('transfers').where({ id }).forUpdate().first('id');
    const found = await this.one(id);
    const state = afterTransfer(move, by, found);
    if (state === null) throw refused('state', `This is not possible in the state ${found.state}.`, pidsOf(found));
    if (move === 'start' && (await this.#valid().where({ 'a.id': found.agreementId }).first('a.id')) === undefined)
      throw refused('agreement', 'The agreement has ended.', pidsOf(found));
    const why = move === 'terminate' || move === 'suspend' ? { code: code ?? null, reason: JSON.stringify(reason ?? []) } : {};
    const suspended_by = move === 'suspend' ? by : null;
    // A consumer goes on with the address and the token that it has.
    const starts = found.starts + (move === 'start' && by === 'provider' ? 1 : 0);
    await knex('transfers')
      .where({ id })
      .update({ state, suspended_by, starts, ...why, updated_at: knex.fn.now() });
    return this.one(id);
  }

  async #tell(id: string, move: TransferMove): Promise<void> {
    await this.#needs.jobs.enqueue('tell', { process: 'transfer', id, move });
  }

  /** Agreements that hold: finalized, not over, not ended, with a partner who is not stopped, about data that are not withdrawn. */
  #valid() {
    return this.#needs
      .knex('agreements as a')
      .join('negotiations as n', (join) => join.on('n.id', 'a.negotiation_id').andOnVal('n.state', 'FINALIZED'))
      .join('partners as p', (join) => join.on('p.id', 'a.partner_id').andOnVal('p.active', true))
      .leftJoin('withdrawals as w', 'w.release_id', 'a.release_id')
      .whereNull('w.release_id')
      .whereNull('a.ended_at')
      .whereRaw('a.ends_at > now()');
  }

  #rows() {
    return this.#needs
      .knex('transfers as t')
      .join('agreements as a', 'a.id', 't.agreement_id')
      .select({ id: 't.id', partnerId: 't.partner_id', agreementId: 't.agreement_id', releaseId: 'a.release_id' })
      .select({ consumerPid: 't.consumer_pid', callback: 't.callback', state: 't.state' })
      .select({ suspendedBy: 't.suspended_by', starts: 't.starts' });
  }
}

function isSame(token: string, expected: string): boolean {
  const [one, other] = [Buffer.from(token), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}

const noData = (): Problem =>
  new Problem({
    type: 'data-space/no-data',
    status: 403,
    title: 'No data for this token',
    detail: 'The transfer is not running, its agreement has ended, or the token is not its latest one.',
  });
