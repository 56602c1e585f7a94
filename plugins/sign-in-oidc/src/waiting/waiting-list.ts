import { conflict, forbidden, notFound, type Problem, systemPrincipal } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { SignInProviders } from '../flows/providers.js';
import type { Account, Identities } from '../identities/identities.js';

/** Entries of one school. Further ones are not kept: the school has to look at these first. */
export const mostWaiting = 500;
const LONGEST_NAME = 200;

export interface Waiting {
  id: string;
  label: string;
  name: string | null;
  since: Date;
}

/** Accounts that belong to a school, of which the portal does not know whose they are: the school says so. */
export class WaitingList {
  readonly #knex: Dependencies['knex'];
  readonly #actAs: Dependencies['actAs'];
  readonly #directory: Dependencies['directory'];
  readonly #principal: Dependencies['principal'];
  readonly #providers: SignInProviders;
  readonly #identities: Identities;

  constructor({
    knex,
    actAs,
    directory,
    principal,
    signInProviders,
    identities,
  }: Dependencies & { signInProviders: SignInProviders; identities: Identities }) {
    this.#knex = knex;
    this.#actAs = actAs;
    this.#directory = directory;
    this.#principal = principal;
    this.#providers = signInProviders;
    this.#identities = identities;
  }

  /** Returns whether it waits. An account waits once in a school. */
  add(school: string, { provider, issuer, subject }: Account, name: string | null): Promise<boolean> {
    return this.#actAs(systemPrincipal(), async ({ knex }: Dependencies) => {
      const account = { school_id: school, provider, issuer, subject };
      if ((await knex('waiting').where(account).first('id')) !== undefined) return true;
      const { count } = (await knex('waiting').where({ school_id: school }).count().first()) as { count: string };
      if (Number(count) >= mostWaiting) return false;
      const shown =
        name === null
          ? null
          : name
              .replace(/[\s\p{Cc}]+/gu, ' ')
              .trim()
              .slice(0, LONGEST_NAME) || null;
      await knex('waiting')
        .insert({ ...account, name: shown })
        .onConflict(['school_id', 'provider', 'issuer', 'subject'])
        .ignore();
      return true;
    });
  }

  /** Of a school that the caller manages, longest first. */
  async ofSchool(school: string): Promise<Waiting[]> {
    const rows = await this.#knex('waiting')
      .where({ school_id: school })
      .orderBy(['created_at', 'id'])
      .limit(mostWaiting)
      .select('id', 'provider', 'name', 'created_at');
    return rows.map(({ id, provider, name, created_at: since }) => ({
      id,
      label: this.#providers.find(provider)?.label ?? provider,
      name,
      since,
    }));
  }

  /**
   * Says whose account it is: a person of the school, over whom the caller has authority.
   *
   * @returns Problem 409 if the account became that of somebody else meanwhile; the entry is gone then too
   * @throws Problem 404 for an entry or person that the caller does not see; 403 for a person whose roles the caller may not give
   */
  async decide(id: string, personId: string): Promise<Problem | undefined> {
    const row = await this.#knex('waiting').where({ id }).forUpdate().first();
    const person = await this.#directory.people.get(personId);
    if (row === undefined || person === null || !person.schools.includes(row.school_id)) throw notFound();
    if (personId === this.#principal.id) throw forbidden('Link your own account on the page of your account.');
    if (!(await this.#directory.people.mayManage(personId))) {
      throw forbidden('You may not say this of somebody whose roles you may not give.');
    }
    const added = await this.#identities.add(personId, row, { made: 'school', schools: [row.school_id] });
    if (added === null) return conflict('sign-in-oidc/taken', 'This account belongs to another person already.');
    return undefined;
  }

  async remove(id: string): Promise<void> {
    await this.#knex('waiting').where({ id }).delete();
  }
}
