import type { Dependencies } from '../dependencies.js';

/** Days ahead in which an account ends soon. */
const soon = 7;
const dayInMs = 86_400_000;

export interface EndingAccount {
  id: string;
  displayName: string;
  role: string;
  expiresAt: string;
}

/** What the start page tells about accounts. Three statements. */
export class AccountsStart {
  readonly #knex: Dependencies['knex'];
  readonly #directory: Dependencies['directory'];
  readonly #clock: Dependencies['clock'];
  readonly #contributions: Dependencies['contributions'];

  constructor({ knex, directory, clock, contributions }: Dependencies) {
    this.#knex = knex;
    this.#directory = directory;
    this.#clock = clock;
    this.#contributions = contributions;
  }

  /** Temporary accounts that end within a week, the first to end first. */
  async ending(limit: number): Promise<EndingAccount[]> {
    const rows: { person_id: string; role: string; expires_at: Date; username: string }[] = await this.#knex(
      'temporary_accounts as t',
    )
      .join('accounts as a', 'a.person_id', 't.person_id')
      .where('a.expires_at', '>', this.#clock.now())
      .where('a.expires_at', '<', new Date(this.#clock.now().getTime() + soon * dayInMs))
      .orderBy(['a.expires_at', 'a.username'])
      .limit(limit)
      .select('t.person_id', 't.role', 'a.username', 'a.expires_at');
    const people = await this.#directory.people.getMany(rows.map((row) => row.person_id));
    const names = new Map(people.map(({ id, givenName, familyName }) => [id, `${givenName} ${familyName}`]));
    return rows.map((row) => ({
      id: row.person_id,
      displayName: names.get(row.person_id) ?? row.username,
      role: row.role,
      expiresAt: row.expires_at.toISOString(),
    }));
  }

  /** People of the caller's schools who cannot sign in, because they have no account and there is no other way; null if there is one. */
  async without(): Promise<number | null> {
    if (this.#contributions.of('providers').length > 0) return null;
    const [row] = await this.#knex('directory.people_summaries as p')
      .where('p.active', true)
      .whereRaw("p.school_ids <> '{}'")
      .whereNotExists(this.#knex('accounts as a').whereRaw('a.person_id = p.id'))
      .select(this.#knex.raw('count(*)::int as count'));
    return row?.count ?? 0;
  }
}
