import { notFound, Problem } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import { type SourceSettings, sourceSettings } from '../source/settings.js';

const purpose = 'client-secret';

/** The connection of each school with its own system. The secret is stored encrypted, and shown to nobody. */
export class Connections {
  readonly #knex: Dependencies['knex'];
  readonly #secrets: Dependencies['secrets'];
  readonly #directory: Dependencies['directory'];
  readonly #principal: Dependencies['principal'];

  constructor({ knex, secrets, directory, principal }: Dependencies) {
    this.#knex = knex;
    this.#secrets = secrets;
    this.#directory = directory;
    this.#principal = principal;
  }

  async of(school: string): Promise<SourceSettings | null> {
    const row = await this.#knex('connections').where({ school_id: school }).first('settings', 'nightly');
    return row === undefined ? null : { ...sourceSettings.parse(row.settings), nightly: row.nightly };
  }

  /**
   * Sets the connection of a school for which the caller acts.
   *
   * @param secret null: as it was
   * @throws Problem 404 for an unknown school, 422 `rosters/secret-needed` if there is none, or if it would be sent to another address
   */
  async set(school: string, settings: SourceSettings, secret: string | null): Promise<void> {
    await this.schoolOf(school);
    const before = await this.#knex('connections').where({ school_id: school }).forUpdate().first('settings', 'secret');
    // Who enters an address must know the secret: otherwise a stored one could be had by sending it to a server of one's own.
    const sameServer = before !== undefined && sameReceiver(sourceSettings.parse(before.settings), settings);
    if (secret === null && !sameServer) throw secretNeeded();
    const sealed = secret === null ? before.secret : Buffer.from(await this.#secrets.seal(purpose, school, secret));
    const row = { settings: JSON.stringify(settings), secret: sealed, nightly: settings.nightly };
    await this.#knex('connections')
      .insert({ school_id: school, ...row })
      .onConflict('school_id')
      .merge({ ...row, updated_at: this.#knex.fn.now() });
  }

  async remove(school: string): Promise<void> {
    if ((await this.#knex('connections').where({ school_id: school }).delete()) === 0) throw notFound();
  }

  /** Settings and secret, for the server alone; null if there is none, or if it was sealed before the master key was replaced. */
  async credentialsOf(school: string): Promise<{ settings: SourceSettings; secret: string } | null> {
    const row = await this.#knex('connections').where({ school_id: school }).first('settings', 'secret');
    if (row === undefined) return null;
    const secret = await this.#secrets.open(purpose, school, row.secret);
    return secret === null ? null : { settings: sourceSettings.parse(row.settings), secret };
  }

  /** Schools that are taken over at night. */
  nightly(): Promise<string[]> {
    return this.#knex('connections').where({ nightly: true }).orderBy('school_id').limit(20_000).pluck('school_id');
  }

  /** The number of a school for which the caller acts; null for others. */
  async mayManage(school: string): Promise<{ number: string } | null> {
    const { tenants } = this.#principal;
    if (tenants !== '*' && !tenants.includes(school)) return null;
    const found = await this.#directory.schools.get(school);
    return found === null ? null : { number: found.instellingsnummer };
  }

  /** @throws Problem 404 for a school for which the caller does not act */
  async schoolOf(school: string): Promise<{ number: string }> {
    const found = await this.mayManage(school);
    if (found === null) throw notFound();
    return found;
  }
}

const sameReceiver = (before: SourceSettings, after: SourceSettings): boolean =>
  (['address', 'tokenAddress', 'clientId'] as const).every((field) => before[field] === after[field]);

const secretNeeded = (): Problem =>
  new Problem({
    type: 'rosters/secret-needed',
    status: 422,
    title: 'The secret is needed',
    detail: 'Give the secret of the client: it is new, or its address or client id has changed.',
    errors: [{ in: 'body', pointer: '/secret', message: 'is needed' }],
  });
