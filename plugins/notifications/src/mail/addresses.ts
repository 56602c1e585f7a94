import { createHmac } from 'node:crypto';
import { type PrivilegedCradle, systemPrincipal } from '@ilearn/core';
import type { Knex } from 'knex';
import { z } from 'zod';
import type { Dependencies } from '../dependencies.js';

/** One address, and nothing that a mail program could read as several. */
const addressShape = z.email().max(254);

/**
 * E-mail addresses, which the directory holds. This plugin only stores which of them refused e-mail, by a keyed hash: with another address
 * the person gets e-mail again.
 */
export class Addresses {
  readonly #knex: Knex;
  readonly #actAs: Dependencies['actAs'];
  readonly #secrets: PrivilegedCradle['secrets'];

  constructor({ knex, actAs, secrets }: Dependencies) {
    this.#knex = knex;
    this.#actAs = actAs;
    this.#secrets = secrets;
  }

  /** Null if the person has none, or one that is no e-mail address. Also for people whom the principal may not see. */
  async find(personId: string): Promise<string | null> {
    const found = await this.#actAs(systemPrincipal(), ({ directory }: Dependencies) => directory.people.emailOf(personId));
    return addressShape.safeParse(found).success ? found : null;
  }

  async hasRefused(personId: string, address: string): Promise<boolean> {
    const row = await this.#knex('addresses').where({ person_id: personId }).first('fingerprint');
    return row !== undefined && row.fingerprint === (await this.fingerprint(address));
  }

  /** @param answer code of the mail server: `550 5.1.1` */
  async noteRefusal(personId: string, address: string, answer: string): Promise<void> {
    const row = { person_id: personId, fingerprint: await this.fingerprint(address), answer, updated_at: this.#knex.fn.now() };
    await this.#knex('addresses').insert(row).onConflict('person_id').merge();
  }

  async forgetRefusal(personId: string): Promise<void> {
    await this.#knex('addresses').where({ person_id: personId }).delete();
  }

  /** A keyed hash of an address. */
  async fingerprint(address: string): Promise<string> {
    return createHmac('sha256', await this.#secrets.key('addresses'))
      .update(address.toLowerCase())
      .digest('base64url');
  }
}
