import { forbidden, notFound } from '@ilearn/core';
import type { PersonSummary } from '@ilearn/plugin-directory';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import type { ReleasedField } from '../exports.js';
import { membership } from '../launches/custom-variables.js';
import type { Placements } from '../launches/placements.js';
import type { Subjects } from '../launches/subjects.js';
import type { RegistrationService } from '../registrations/registration-service.js';
import type { Allowed, Releases } from '../releases/releases.js';
import { tidy } from '../tidy.js';
import type { MembersQuery, MemberView } from './membership.js';
import type { MemberRole, Roster, Rosters } from './rosters.js';

type Services = Dependencies & {
  placements: Placements;
  subjects: Subjects;
  registrations: RegistrationService;
  rosters: Rosters;
  releases: Releases;
};

interface ContextRow {
  id: string;
  title: string;
  school_id: string;
  class_id: string | null;
  limited: boolean;
}

/** A person to list; `person` is null for one who left. */
interface Found {
  personId: string;
  role: MemberRole;
  person: PersonSummary | null;
}

interface Member extends Found {
  person: PersonSummary;
}

export interface MembersPage {
  context: { id: string; title: string };
  members: MemberView[];
  /** `after` of the next page; null on the last one. */
  after: string | null;
  /** From which the tool can ask for the differences after the last page; null: it cannot. */
  mark: string | null;
}

/** Members of a context for the acting tool (NRPS 2.0 §2): the class's pupils and teachers, under the pseudonyms of launches. */
export class Members {
  readonly #knex: Knex;
  readonly #principal: Dependencies['principal'];
  readonly #directory: Dependencies['directory'];
  readonly #placements: Placements;
  readonly #subjects: Subjects;
  readonly #registrations: RegistrationService;
  readonly #rosters: Rosters;
  readonly #releases: Releases;
  readonly #licences: Dependencies['licences'];

  constructor({ knex, principal, directory, licences, placements, subjects, registrations, rosters, releases }: Services) {
    this.#licences = licences;
    this.#releases = releases;
    this.#knex = knex;
    this.#principal = principal;
    this.#directory = directory;
    this.#placements = placements;
    this.#subjects = subjects;
    this.#registrations = registrations;
    this.#rosters = rosters;
  }

  /**
   * A page of the members, or of what changed since a mark.
   *
   * @throws Problem 404 if the context has no members, or `rlid` is not a resource link of the tool in the context; 403 if the school
   * withholds its lists from the tool; 410 for an old mark
   */
  async page(contextId: string, { role, rlid, limit, after, since, mark }: MembersQuery): Promise<MembersPage> {
    const registration = await this.#registrations.activeById(this.#principal.id ?? '');
    const context: ContextRow | undefined = await this.#knex('contexts').where({ id: contextId }).first();
    if (registration === null || context === undefined || context.class_id === null) throw notFound();
    const allowed = await this.#releases.allowed(registration, context.school_id);
    if (!allowed.members) throw forbidden('The school does not let this tool list the members of its classes.');
    if (rlid !== undefined && !(await this.#placements.hasResourceLink(registration.id, contextId, rlid))) {
      throw notFound('rlid is not a resource link of this tool in this context.');
    }
    const members = await this.#licensed(registration.key, context.school_id, await this.#membersOf(context, context.class_id));
    const roster = { registrationId: registration.id, contextId, school: context.school_id };
    // Differences are those of the whole list: with a filter by role, nobody knows who had the role before.
    const noted = role === undefined && after === undefined ? await this.#note(allowed, roster, members) : mark;
    const found: Found[] = (since === undefined ? members : await this.#changed(roster, members, since)).filter(
      (each) => role === undefined || each.role === role,
    );
    const subs = await this.#subjects.ofMany(
      registration.id,
      found.map(({ personId }) => personId),
    );
    // Sorted by pseudonym: the order says nothing about names, and a page stays the same while people come and go.
    const sorted = found
      .map((member) => ({ ...member, sub: subs.get(member.personId) as string }))
      .sort((one, other) => (one.sub < other.sub ? -1 : 1))
      .filter(({ sub }) => after === undefined || sub > after);
    const shown = sorted.slice(0, limit);
    const more = sorted.length > limit;
    const views = await this.#views(allowed, shown);
    await this.#count(registration.id, context.school_id, views);
    return {
      context: { id: context.id, title: context.title },
      members: views,
      after: more ? (shown.at(-1)?.sub ?? null) : null,
      mark: role === undefined ? (noted ?? null) : null,
    };
  }

  /** Without those who could not enter the tool: of somebody to whom a licence is not given, its tool learns nothing. */
  async #licensed(tool: string, school: string, members: readonly Member[]): Promise<Member[]> {
    if (this.#licences === undefined) return [...members];
    const asked = members.map(({ personId, role }) => ({ person: personId, role }));
    const among = await this.#licences.decisions.among(tool, school, asked);
    return members.filter(({ personId }) => among.has(personId));
  }

  async #note(allowed: Allowed, roster: Roster, members: readonly Member[]): Promise<string> {
    const views = await this.#views(
      allowed,
      members.map((member) => ({ ...member, sub: '' })),
    );
    return this.#rosters.note(
      roster,
      members.map(({ personId, role }, index) => ({ personId, role, view: views[index] as MemberView })),
    );
  }

  /** Members who are new or changed, and people who left. */
  async #changed(roster: Roster, members: readonly Member[], mark: string): Promise<Found[]> {
    const changes = await this.#rosters.since(roster, mark);
    const left = [...changes].flatMap(([personId, { role, gone }]): Found[] => (gone ? [{ personId, role, person: null }] : []));
    return [...members.filter(({ personId }) => changes.get(personId)?.gone === false), ...left];
  }

  /** Whether the person is a pupil of the context. A tool may send scores for its pupils. */
  async hasPupil(contextId: string, personId: string): Promise<boolean> {
    const context: ContextRow | undefined = await this.#knex('contexts').where({ id: contextId }).first();
    if (context === undefined || context.class_id === null) return false;
    const members = await this.#membersOf(context, context.class_id);
    return members.some(({ person, role }) => role === 'Learner' && person.id === personId);
  }

  /** A person who both learns and teaches in the class is listed once, as a teacher. */
  async #membersOf({ id, limited }: ContextRow, classId: string): Promise<Member[]> {
    const teachers = await this.#directory.classes.teachersOf(classId);
    const all = await this.#directory.classes.pupilsOf(classId);
    const chosen = limited
      ? new Set<string>(await this.#knex('context_pupils').where({ context_id: id }).pluck('person_id'))
      : null;
    const taught = new Set(teachers.map(({ id: each }) => each));
    const pupils = all.filter(({ id: each }) => !taught.has(each) && (chosen === null || chosen.has(each)));
    return [
      ...teachers.map((person): Member => ({ personId: person.id, person, role: 'Instructor' })),
      ...pupils.map((person): Member => ({ personId: person.id, person, role: 'Learner' })),
    ];
  }

  async #views(allowed: Allowed, members: readonly (Found & { sub: string })[]): Promise<MemberView[]> {
    const views: MemberView[] = [];
    for (const { person, role, sub } of members) {
      const view: MemberView = { status: person === null ? 'Deleted' : 'Active', user_id: sub, roles: [membership(role)] };
      views.push(view);
      if (person === null) continue;
      if (allowed.name) {
        view.given_name = tidy(person.givenName);
        view.family_name = tidy(person.familyName);
        view.name = `${view.given_name} ${view.family_name}`.trim();
      }
      // Only staff have an address, so this asks for the few teachers of a class.
      const email = allowed.email && person.kind === 'staff' ? await this.#directory.people.emailOf(person.id) : null;
      if (email !== null) view.email = email.trim();
    }
    return views;
  }

  /** Counts members by what was told of them: with or without an e-mail address. */
  async #count(registrationId: string, school: string, views: readonly MemberView[]): Promise<void> {
    const groups = new Map<string, { fields: Set<ReleasedField>; people: number }>();
    for (const { name, email } of views) {
      const fields = new Set<ReleasedField>(['pseudonym', 'role']);
      if (name !== undefined) fields.add('name');
      if (email !== undefined) fields.add('email');
      const key = [...fields].join();
      groups.set(key, { fields, people: (groups.get(key)?.people ?? 0) + 1 });
    }
    // In one order, so that two lists at the same time do not wait for each other in a circle.
    for (const [, { fields, people }] of [...groups].sort(([one], [other]) => (one < other ? -1 : 1))) {
      await this.#releases.count({ registrationId, school, way: 'members' }, fields, people);
    }
  }
}
