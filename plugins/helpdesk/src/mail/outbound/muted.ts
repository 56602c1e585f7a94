import { createHmac } from 'node:crypto';
import type { Dependencies } from '../../dependencies.js';

/** Addresses that refuse e-mail, by a keyed hash: nothing more is sent there. */
export class Muted {
  readonly #knex: Dependencies['knex'];
  readonly #secrets: Dependencies['secrets'];
  readonly #directory: Dependencies['directory'];

  constructor({ knex, secrets, directory }: Dependencies) {
    this.#knex = knex;
    this.#secrets = secrets;
    this.#directory = directory;
  }

  async has(address: string): Promise<boolean> {
    const fingerprint = await this.#fingerprint(address);
    return (await this.#knex('muted_addresses').where({ fingerprint }).first('fingerprint')) !== undefined;
  }

  /** @param answer code of the mail server: `5.1.1` */
  async add({ address, person_id }: { address: string; person_id: string | null }, answer: string): Promise<void> {
    const found = person_id === null ? address : await this.#directory.people.emailOf(person_id);
    if (found === null || found === '') return;
    const row = { fingerprint: await this.#fingerprint(found), answer, updated_at: this.#knex.fn.now() };
    await this.#knex('muted_addresses').insert(row).onConflict('fingerprint').merge();
  }

  async count(): Promise<number> {
    const [row] = await this.#knex('muted_addresses').count({ total: '*' });
    return Number(row?.['total']);
  }

  /** Lets everybody have mail again. */
  async clear(): Promise<void> {
    await this.#knex('muted_addresses').delete();
  }

  async #fingerprint(address: string): Promise<string> {
    return createHmac('sha256', await this.#secrets.key('muted-addresses'))
      .update(address.toLowerCase())
      .digest('base64url');
  }
}
