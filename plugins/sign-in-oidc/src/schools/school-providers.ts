import { forbidden, Problem, systemPrincipal } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { SignInProviders } from '../flows/providers.js';
import type { RealmKind } from '../protocols/contribution.js';
import { isRealm } from './realm.js';

/** Providers of one school; more make no sense. */
export const mostOfSchool = 20;

export interface SchoolProvider {
  provider: string;
  label: string;
  realmKind: RealmKind;
  realm: string;
  byRoster: boolean;
  confirmed: boolean;
}

interface Row {
  school_id: string;
  provider: string;
  realm: string;
  by_roster: boolean;
  confirmed_at: Date | null;
}

/** A school for which an answer of a provider speaks. */
export interface ProvenSchool {
  id: string;
  /** Whether the school lets its roster say who somebody is at the first sign-in. */
  byRoster: boolean;
}

/**
 * Which providers a school uses, and by which domain, tenant or platform. It counts once a portal administrator has confirmed it: otherwise
 * a school could claim the tenant of another.
 */
export class SchoolProviders {
  readonly #knex: Dependencies['knex'];
  readonly #actAs: Dependencies['actAs'];
  readonly #directory: Dependencies['directory'];
  readonly #principal: Dependencies['principal'];
  readonly #access: Dependencies['access'];
  readonly #providers: SignInProviders;
  readonly #clock: Dependencies['clock'];

  constructor({
    knex,
    actAs,
    directory,
    principal,
    access,
    clock,
    signInProviders,
  }: Dependencies & { signInProviders: SignInProviders }) {
    this.#knex = knex;
    this.#actAs = actAs;
    this.#directory = directory;
    this.#principal = principal;
    this.#access = access;
    this.#clock = clock;
    this.#providers = signInProviders;
  }

  /** Schools for which one of these realms of the provider speaks, whoever asks. */
  provenBy(provider: string, realms: readonly string[]): Promise<ProvenSchool[]> {
    const byNumber = this.#providers.find(provider)?.realm === 'instellingsnummer';
    return this.#actAs(systemPrincipal(), async ({ knex, directory }: Dependencies) => {
      // A school may have got another number since it chose the provider.
      const speaks: [string, string[][]] = byNumber
        ? ['school_id = any(?::uuid[])', [await schoolsByNumber(directory, realms)]]
        : ['realm = any(?::text[])', [[...realms]]];
      const rows: Row[] = await knex('school_providers')
        .where({ provider })
        .whereNotNull('confirmed_at')
        .whereRaw(...speaks)
        .orderBy('school_id')
        .limit(1_000);
      const found = new Map<string, ProvenSchool>();
      for (const { school_id: id, by_roster: byRoster } of rows) {
        found.set(id, { id, byRoster: byRoster || found.get(id)?.byRoster === true });
      }
      return [...found.values()];
    });
  }

  /** Keys of the providers that a school uses, whoever asks: the sign-in page shows them to everyone. */
  waysOf(school: string): Promise<{ name: string; providers: string[] } | null> {
    return this.#actAs(systemPrincipal(), async ({ knex, directory }: Dependencies) => {
      const found = await directory.schools.get(school);
      if (found === null) return null;
      const used: string[] = await knex('school_providers')
        .where({ school_id: school })
        .whereNotNull('confirmed_at')
        .distinct()
        .orderBy('provider')
        .limit(mostOfSchool)
        .pluck('provider');
      return { name: found.name, providers: used };
    });
  }

  /** Ids of schools that use a provider, whoever asks. */
  inUse(): Promise<string[]> {
    return this.#actAs(systemPrincipal(), ({ knex }: Dependencies) =>
      knex('school_providers').whereNotNull('confirmed_at').distinct().limit(10_000).pluck('school_id'),
    );
  }

  /** What a school that the caller manages has set. */
  async ofSchool(school: string): Promise<SchoolProvider[]> {
    const rows: Row[] = await this.#knex('school_providers')
      .where({ school_id: school })
      .orderBy(['provider', 'realm'])
      .limit(mostOfSchool);
    return rows.map(({ provider, realm, by_roster: byRoster, confirmed_at }) => {
      const known = this.#providers.find(provider);
      const { label = provider, realm: realmKind = 'none' as const } = known ?? {};
      return { provider, label, realmKind, realm, byRoster, confirmed: confirmed_at !== null };
    });
  }

  /**
   * Sets that the school uses a provider. A realm that only this school can have needs no confirmation; whoever may confirm others confirms
   * by setting.
   *
   * @throws Problem 404 for an unknown provider or school; 422 `sign-in-oidc/invalid-realm`; 409 if there are too many
   */
  async set(school: string, provider: string, { realm: given, byRoster }: { realm: string; byRoster: boolean }): Promise<void> {
    const { realm: kind } = this.#providers.get(provider);
    const found = await this.#directory.schools.get(school);
    if (found === null || !this.#actsFor(school)) throw forbidden('You do not manage this school.');
    const realm = kind === 'instellingsnummer' ? found.instellingsnummer : kind === 'none' ? '' : given.trim().toLowerCase();
    if (!isRealm(kind, realm)) throw invalidRealm(kind);
    const others = this.#knex('school_providers')
      .where({ school_id: school })
      .whereRaw('not (provider = ? and realm = ?)', [provider, realm]);
    const { count } = (await others.count().first()) as { count: string };
    if (Number(count) >= mostOfSchool) throw tooMany();
    const confirmed_at = kind === 'instellingsnummer' || (await this.#mayConfirm()) ? this.#clock.now() : null;
    await this.#knex('school_providers')
      .insert({ school_id: school, provider, realm, by_roster: byRoster, confirmed_at })
      .onConflict(['school_id', 'provider', 'realm'])
      .merge({
        by_roster: byRoster,
        confirmed_at: this.#knex.raw('coalesce(school_providers.confirmed_at, excluded.confirmed_at)'),
        updated_at: this.#knex.fn.now(),
      });
  }

  /** Confirms that the realm is that of the school. Returns false if it is not there, or is confirmed. */
  async confirm(school: string, provider: string, realm: string): Promise<boolean> {
    const changed = await this.#knex('school_providers')
      .where({ school_id: school, provider, realm })
      .whereNull('confirmed_at')
      .update({ confirmed_at: this.#clock.now() });
    return changed === 1;
  }

  async remove(school: string, provider: string, realm: string): Promise<void> {
    await this.#knex('school_providers').where({ school_id: school, provider, realm }).delete();
  }

  #actsFor(school: string): boolean {
    const { tenants } = this.#principal;
    return tenants === '*' || tenants.includes(school);
  }

  /** In every school. A role in the whole portal is not enough: helpers have one too. */
  async #mayConfirm(): Promise<boolean> {
    const { kind, id } = this.#principal;
    if (kind === 'system') return true;
    return id !== null && (await this.#access.principalFor(id, 'sign-in:confirm'))?.tenants === '*';
  }
}

async function schoolsByNumber({ schools }: Dependencies['directory'], numbers: readonly string[]): Promise<string[]> {
  const found = await Promise.all(numbers.map((number) => schools.byInstellingsnummer(number)));
  return found.flatMap((school) => school?.id ?? []);
}

const invalidRealm = (kind: RealmKind): Problem =>
  new Problem({
    type: 'sign-in-oidc/invalid-realm',
    status: 422,
    title: 'This cannot name the accounts of a school',
    detail: `Give a ${kind}: ${examples[kind]}. Domains and tenants of private accounts belong to no school.`,
    errors: [{ in: 'body', pointer: '/realm', message: `is not a ${kind}` }],
  });

const examples: Record<RealmKind, string> = {
  domain: 'wissel.example.be',
  tenant: 'the id of the tenant, such as 7f2c…-…',
  platform: 'the name before .smartschool.be',
  instellingsnummer: 'six digits',
  none: 'nothing',
};

const tooMany = (): Problem =>
  new Problem({ type: 'sign-in-oidc/too-many', status: 409, title: `A school has ${mostOfSchool} providers at most` });
