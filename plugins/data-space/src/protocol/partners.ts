import { createHash, randomBytes } from 'node:crypto';
import { conflict, notFound, Problem } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';

export interface Partner {
  id: string;
  participant: string;
  organisation: string;
  automatic: boolean;
  active: boolean;
}

const columns = ['id', 'participant', 'organisation', 'automatic', 'active'];
const newToken = () => `ilds_${randomBytes(32).toString('base64url')}`;
const digest = (token: string) => createHash('sha256').update(token).digest();
export const mostPartners = 200;

/** Organisations that may ask for data. Each has a bearer token, of which only the SHA-256 is stored; who asks is known from it alone. */
export class Partners {
  readonly #knex: Dependencies['knex'];
  readonly #locks: Dependencies['locks'];

  constructor({ knex, locks }: Dependencies) {
    this.#knex = knex;
    this.#locks = locks;
  }

  /** By name: active ones first, and as many stopped ones as still fit in the list. */
  list(): Promise<Partner[]> {
    const order = [{ column: 'active', order: 'desc' }, { column: 'organisation' }, { column: 'id' }];
    return this.#knex('partners').select(columns).orderBy(order).limit(mostPartners);
  }

  /** Adds an organisation. The token is shown once. @throws Problem 409 if the participant is known, or 200 are active */
  async add(partner: Pick<Partner, 'participant' | 'organisation' | 'automatic'>): Promise<{ id: string; token: string }> {
    await this.#locks.take('partners');
    const active = await this.#knex('partners').where({ active: true }).limit(mostPartners).select('id');
    if (active.length >= mostPartners)
      throw conflict('data-space/partners', `There are ${mostPartners} active partners already.`);
    const token = newToken();
    const [row] = await this.#knex('partners')
      .insert({ ...partner, token_hash: digest(token) })
      .onConflict('participant')
      .ignore()
      .returning('id');
    if (row === undefined) throw conflict('data-space/partners', 'This participant is known already.');
    return { id: row.id, token };
  }

  /**
   * Another token in place of the one that is known; shown once.
   *
   * @param overlapDays for so many days the old one holds too; 0 if it leaked. One that was replaced before is worth nothing then
   * @throws Problem 404 unless the organisation is active
   */
  async renew(id: string, overlapDays: number): Promise<{ token: string }> {
    const token = newToken();
    const renewed = await this.#knex('partners')
      .where({ id, active: true })
      .update({
        token_hash: digest(token),
        old_token_hash: overlapDays === 0 ? null : this.#knex.ref('token_hash'),
        old_token_until: overlapDays === 0 ? null : this.#knex.raw(`now() + ? * interval '1 day'`, [overlapDays]),
      });
    if (renewed === 0) throw notFound();
    return { token };
  }

  /** Ends all access of an organisation at once. @throws Problem 404 */
  async stop(id: string): Promise<void> {
    if ((await this.#knex('partners').where({ id }).update({ active: false })) === 0) throw notFound();
  }

  /**
   * Who sends a message.
   *
   * @param header `Authorization: Bearer …` (RFC 6750)
   * @throws Problem 401 if the token is missing, unknown or stopped
   */
  async of(header: string | undefined): Promise<Partner> {
    const token = /^Bearer ([\w-]{20,200})$/i.exec(header ?? '')?.[1];
    const found: Partner | undefined =
      token === undefined
        ? undefined
        : await this.#knex('partners')
            .where({ active: true })
            .whereRaw('(token_hash = ? or old_token_hash = ? and old_token_until > now())', [digest(token), digest(token)])
            .first(columns);
    if (found !== undefined) return found;
    throw unknownPartner();
  }

  /** The active organisation with this id of a participant. @throws Problem 401 if there is none */
  async called(participant: string): Promise<Partner> {
    const found: Partner | undefined = await this.#knex('partners').where({ active: true, participant }).first(columns);
    if (found === undefined) throw unknownPartner();
    return found;
  }
}

const unknownPartner = (): Problem =>
  new Problem({
    type: 'data-space/unknown-partner',
    status: 401,
    title: 'Unknown partner',
    detail: 'Send the bearer token that the portal gave your organisation.',
    headers: { 'www-authenticate': 'Bearer realm="i-Learn data space"' },
  });
