import { notFound, Problem } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { SourceSettings } from '../source/settings.js';

const purpose = 'client-secret';

interface Row extends Omit<SourceSettings, 'tokenAddress' | 'clientId' | 'schoolId'> {
  token_address: string;
  client_id: string;
  own_org: string;
  secret: Buffer;
}

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
    const row: Row | undefined = await this.#knex('connections').where({ school_id: school }).first();
    return row === undefined ? null : settingsOf(row);
  }

  /**
   * Sets the connection of a school for which the caller acts.
   *
   * @param secret null: as it was
   * @throws Problem 404 for an unknown school, 422 `rosters/secret-needed` if there is none, or if it would be sent to another address
   */
  async set(school: string, settings: SourceSettings, secret: string | null): Promise<void> {
    await this.schoolOf(school);
    const before: Row | undefined = await this.#knex('connections').where({ school_id: school }).forUpdate().first();
    // Who enters an address must know the secret: otherwise a stored one could be had by sending it to a server of one's own.
    const sameServer = before !== undefined && sameReceiver(settingsOf(before), settings);
    if (secret === null && !sameServer) throw secretNeeded();
    const row = {
      ...rowOf(settings),
      ...(secret === null
        ? { secret: before?.secret }
        : { secret: Buffer.from(await this.#secrets.seal(purpose, school, secret)) }),
    };
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
    const row: Row | undefined = await this.#knex('connections').where({ school_id: school }).first();
    if (row === undefined) return null;
    const secret = await this.#secrets.open(purpose, school, row.secret);
    return secret === null ? null : { settings: settingsOf(row), secret };
  }

  /** Schools that are taken over at night. */
  nightly(): Promise<string[]> {
    return this.#knex('connections').where({ nightly: true }).orderBy('school_id').limit(20_000).pluck('school_id');
  }

  /** The numbers of a school for which the caller acts; null for others. */
  async mayManage(school: string): Promise<{ numbers: string[] } | null> {
    const { tenants } = this.#principal;
    if (tenants !== '*' && !tenants.includes(school)) return null;
    const numbers = await this.#directory.schools.numbersOf(school);
    return numbers.length === 0 ? null : { numbers };
  }

  /** @throws Problem 404 for a school for which the caller does not act */
  async schoolOf(school: string): Promise<{ numbers: string[] }> {
    const found = await this.mayManage(school);
    if (found === null) throw notFound();
    return found;
  }
}

const settingsOf = ({ token_address, client_id, own_org, ...row }: Row): SourceSettings => ({
  address: row.address,
  path: row.path,
  shape: row.shape,
  authentication: row.authentication,
  tokenAddress: token_address,
  scope: row.scope,
  clientId: client_id,
  schoolId: own_org,
  accounts: row.accounts,
  nightly: row.nightly,
});

const rowOf = ({ tokenAddress, clientId, schoolId, ...settings }: SourceSettings): Omit<Row, 'secret'> => ({
  ...settings,
  token_address: tokenAddress,
  client_id: clientId,
  own_org: schoolId,
});

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
