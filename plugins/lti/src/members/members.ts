import { notFound } from '@ilearn/core';
import type { PersonSummary } from '@ilearn/plugin-directory';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import { membership } from '../launches/custom-variables.js';
import type { Placements } from '../launches/placements.js';
import type { Subjects } from '../launches/subjects.js';
import type { Registration } from '../registrations/registration.js';
import type { RegistrationService } from '../registrations/registration-service.js';
import { tidy } from '../tidy.js';
import type { MembersQuery, MemberView } from './membership.js';

type Services = Dependencies & { placements: Placements; subjects: Subjects; registrations: RegistrationService };

interface ContextRow {
  id: string;
  title: string;
  school_id: string;
  class_id: string | null;
  limited: boolean;
}

interface Member {
  person: PersonSummary;
  role: 'Learner' | 'Instructor';
}

export interface MembersPage {
  context: { id: string; title: string };
  members: MemberView[];
  /** `after` of the next page; null on the last one. */
  after: string | null;
}

/** Members of a context for the acting tool (NRPS 2.0 §2): the class's pupils and teachers, under the pseudonyms of launches. */
export class Members {
  readonly #knex: Knex;
  readonly #principal: Dependencies['principal'];
  readonly #directory: Dependencies['directory'];
  readonly #placements: Placements;
  readonly #subjects: Subjects;
  readonly #registrations: RegistrationService;

  constructor({ knex, principal, directory, placements, subjects, registrations }: Services) {
    this.#knex = knex;
    this.#principal = principal;
    this.#directory = directory;
    this.#placements = placements;
    this.#subjects = subjects;
    this.#registrations = registrations;
  }

  /** @throws Problem 404 if the context has no members, or `rlid` is not a resource link of the tool in the context */
  async page(contextId: string, { role, rlid, limit, after }: MembersQuery): Promise<MembersPage> {
    const registration = await this.#registrations.activeById(this.#principal.id ?? '');
    const context: ContextRow | undefined = await this.#knex('contexts').where({ id: contextId }).first();
    if (registration === null || context === undefined || context.class_id === null) throw notFound();
    if (rlid !== undefined && !(await this.#placements.hasResourceLink(registration.id, contextId, rlid))) {
      throw notFound('rlid is not a resource link of this tool in this context.');
    }
    const found = (await this.#membersOf(context, context.class_id)).filter((each) => role === undefined || each.role === role);
    const subs = await this.#subjects.ofMany(
      registration.id,
      found.map(({ person }) => person.id),
    );
    // Sorted by pseudonym: the order says nothing about names, and a page stays the same while people come and go.
    const sorted = found
      .map((member) => ({ ...member, sub: subs.get(member.person.id) as string }))
      .sort((one, other) => (one.sub < other.sub ? -1 : 1))
      .filter(({ sub }) => after === undefined || sub > after);
    const shown = sorted.slice(0, limit);
    return {
      context: { id: context.id, title: context.title },
      members: await this.#views(registration, context, shown),
      after: sorted.length > limit ? (shown.at(-1)?.sub ?? null) : null,
    };
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
      ...teachers.map((person): Member => ({ person, role: 'Instructor' })),
      ...pupils.map((person): Member => ({ person, role: 'Learner' })),
    ];
  }

  async #views(
    { release }: Registration,
    { school_id }: ContextRow,
    members: readonly (Member & { sub: string })[],
  ): Promise<MemberView[]> {
    const allowed =
      release.name || release.email ? await this.#directory.schools.releases(school_id) : { name: false, email: false };
    const views: MemberView[] = [];
    for (const { person, role, sub } of members) {
      const view: MemberView = { status: 'Active', user_id: sub, roles: [membership(role)] };
      if (release.name && allowed.name) {
        view.given_name = tidy(person.givenName);
        view.family_name = tidy(person.familyName);
        view.name = `${view.given_name} ${view.family_name}`.trim();
      }
      // Only staff have an address, so this asks for the few teachers of a class.
      const email =
        release.email && allowed.email && person.kind === 'staff' ? await this.#directory.people.emailOf(person.id) : null;
      if (email !== null) view.email = email.trim();
      views.push(view);
    }
    return views;
  }
}
