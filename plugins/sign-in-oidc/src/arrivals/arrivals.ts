import { type AgeBand, systemPrincipal } from '@ilearn/core';
import type { PersonSummary } from '@ilearn/plugin-directory';
import type { Dependencies } from '../dependencies.js';
import type { Flow } from '../flows/flows.js';
import type { Account, Identities, Identity } from '../identities/identities.js';
import type { RosterKeys } from '../identities/roster-keys.js';
import type { ProviderContribution } from '../protocols/contribution.js';
import type { Proof } from '../protocols/protocol.js';
import type { ProvenSchool, SchoolProviders } from '../schools/school-providers.js';
import type { WaitingList } from '../waiting/waiting-list.js';

const HOUR_MS = 3_600_000;

/**
 * What became of somebody who comes back from a provider.
 *
 * - `signed-in`: `choose` says that the proof speaks for several of their schools
 * - `linked`: the account is now a further way to sign in
 * - `ask`: nobody of the school is known by this account; `school` is null if the proof speaks for several
 * - `again`: somebody else was signed in here, and is not any more: the sign-in begins anew
 * - `taken`: the account belongs to another person
 * - `stale`: the session that asked for the link has ended, is another one, or is too old
 */
export type Arrival =
  | { kind: 'signed-in'; choose: boolean }
  | { kind: 'linked' }
  | { kind: 'ask'; school: string | null; waits: boolean }
  | { kind: 'again' }
  | { kind: 'taken' }
  | { kind: 'stale' }
  | { kind: 'school' };

interface Known {
  person: PersonSummary;
  ageBand: AgeBand | null;
  /** Schools and providers in which the person holds a role; null stands for the whole portal. */
  tenants: (string | null)[];
}

/** Decides who somebody is who comes back from a provider with a proof. */
export class Arrivals {
  readonly #actAs: Dependencies['actAs'];
  readonly #sessions: Dependencies['sessions'];
  readonly #clock: Dependencies['clock'];
  readonly #identities: Identities;
  readonly #schoolProviders: SchoolProviders;
  readonly #rosterKeys: RosterKeys;
  readonly #waitingList: WaitingList;

  constructor({
    actAs,
    sessions,
    clock,
    identities,
    schoolProviders,
    rosterKeys,
    waitingList,
  }: Dependencies & {
    identities: Identities;
    schoolProviders: SchoolProviders;
    rosterKeys: RosterKeys;
    waitingList: WaitingList;
  }) {
    this.#actAs = actAs;
    this.#sessions = sessions;
    this.#clock = clock;
    this.#identities = identities;
    this.#schoolProviders = schoolProviders;
    this.#rosterKeys = rosterKeys;
    this.#waitingList = waitingList;
  }

  async arrive(provider: ProviderContribution, flow: Flow, proof: Proof): Promise<Arrival> {
    const account: Account = { provider: provider.key, issuer: proof.issuer, subject: proof.subject };
    const schools = await this.#schoolProviders.provenBy(provider.key, proof.realms);
    if (schools.length === 0) return { kind: 'school' };
    if (flow.link !== null) return this.#link(flow.link, account);

    const identity = await this.#identities.find(account);
    if (identity !== null) return this.#known(identity, schools, provider, proof);

    const person = await this.#byRoster(schools, account, proof);
    if (person === null) return this.#ask(schools, flow, account, proof);
    // Adding an identity ends earlier sessions of its person, which nobody else may cause.
    const session = this.#sessions.current();
    if (session !== null && session.personId !== person) {
      await this.#sessions.end();
      return { kind: 'again' };
    }
    const added = await this.#identities.add(person, account, { made: 'roster', schools: schools.map(({ id }) => id) });
    return added === null ? this.#ask(schools, flow, account, proof) : this.#known(added, schools, provider, proof);
  }

  async #known(identity: Identity, schools: ProvenSchool[], provider: ProviderContribution, proof: Proof): Promise<Arrival> {
    const known = await this.#facts(identity.person_id);
    if (known === null) return { kind: 'ask', school: onlyOf(schools), waits: false };
    const { everywhere } = identity;
    // A school answers for its own people only: otherwise its provider would open other schools, and the whole portal.
    if (!everywhere && isOfPortal(known)) return { kind: 'ask', school: onlyOf(schools), waits: false };
    const proven = schools.map(({ id }) => id).filter((id) => known.tenants.includes(id));
    const open = proven.length > 0 || !everywhere ? proven : known.tenants;
    if (open.length === 0) return { kind: 'ask', school: onlyOf(schools), waits: false };
    const [first = null] = open;
    const { person, ageBand } = known;
    const handle = await this.#sessions.start({
      id: person.id,
      displayName: `${person.givenName} ${person.familyName}`,
      ageBand,
      expiresAt: new Date(this.#clock.now().getTime() + provider.sessionHours * HOUR_MS),
      tenant: first,
      authenticatedAt: proof.authenticatedAt,
    });
    await this.#identities.signedIn(identity, handle, everywhere ? null : proven, proof);
    return { kind: 'signed-in', choose: open.length > 1 };
  }

  async #link(link: { person: string; session: string }, account: Account): Promise<Arrival> {
    const session = this.#sessions.current();
    if (session === null || session.handle !== link.session || session.personId !== link.person || !session.recent) {
      return { kind: 'stale' };
    }
    // A session that a school's account began proves no more than that account.
    const everywhere = (await this.#identities.schoolsOf(session.handle)) === null;
    const added = await this.#identities.add(link.person, account, { made: 'own', everywhere });
    return added === null ? { kind: 'taken' } : { kind: 'linked' };
  }

  /** The one person whom the rosters of these schools know by the proof, and who is there now; nobody of the whole portal. */
  async #byRoster(schools: ProvenSchool[], account: Account, { rosterKeys }: Proof): Promise<string | null> {
    const found = await this.#rosterKeys.peopleBy(schools, account.provider, rosterKeys);
    const there = new Set<string>();
    for (const { school, person } of found) {
      const known = await this.#facts(person);
      if (known?.tenants.includes(school) && !isOfPortal(known)) there.add(person);
    }
    const [person = null, ...others] = there;
    // A second account at the same issuer may be that of somebody else who got the key: a person decides.
    if (person === null || others.length > 0 || (await this.#identities.hasAnother(person, account))) return null;
    return person;
  }

  async #ask(schools: ProvenSchool[], flow: Flow, account: Account, { name }: Proof): Promise<Arrival> {
    const school = schools.find(({ id }) => id === flow.school)?.id ?? onlyOf(schools);
    if (school === null) return { kind: 'ask', school, waits: false };
    return { kind: 'ask', school, waits: await this.#waitingList.add(school, account, name) };
  }

  #facts(personId: string): Promise<Known | null> {
    return this.#actAs(systemPrincipal(), async ({ directory, access }: Dependencies) => {
      const person = await directory.people.get(personId);
      if (person === null) return null;
      const tenants = [...new Set((await access.rolesOf(personId)).map(({ tenant }) => tenant))];
      return { person, tenants, ageBand: person.kind === 'pupil' ? await directory.people.ageBandOf(personId) : null };
    });
  }
}

/** Whether the person holds a role in the whole portal. */
const isOfPortal = ({ tenants }: Known): boolean => tenants.includes(null);

const onlyOf = (schools: readonly ProvenSchool[]): string | null => (schools.length === 1 ? (schools[0]?.id ?? null) : null);
