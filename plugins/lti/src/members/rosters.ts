import { createHash } from 'node:crypto';
import { Problem } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import type { MemberView } from './membership.js';

/** Days for which a tool may ask what changed since; what is noted is kept as long. */
const keptDays = 90;

/** The members of a context, as one tool sees them. */
export interface Roster {
  registrationId: string;
  contextId: string;
  school: string;
}

export type MemberRole = 'Learner' | 'Instructor';

/** A member as told to a tool. */
export interface NotedMember {
  personId: string;
  role: MemberRole;
  view: MemberView;
}

interface Row {
  person_id: string;
  role: MemberRole;
  digest: Buffer;
  gone: boolean;
}

/**
 * What tools were told of members, so that they can ask for the differences (NRPS 2.0, `Link: rel="differences"`). Each change of a member
 * gets the next number; of what a tool is told, only a hash is kept.
 */
export class Rosters {
  readonly #knex: Knex;
  readonly #locks: Dependencies['locks'];
  readonly #clock: Dependencies['clock'];

  constructor({ knex, locks, clock }: Dependencies) {
    this.#knex = knex;
    this.#locks = locks;
    this.#clock = clock;
  }

  /** Notes the members as they are now. Returns a mark: what is noted later is a difference since it. */
  async note(roster: Roster, members: readonly NotedMember[]): Promise<string> {
    const key = keyOf(roster);
    // Of two requests at the same time, the second sees what the first noted, so that numbers follow one another.
    await this.#locks.take(`members ${roster.registrationId} ${roster.contextId}`);
    const rows: Row[] = await this.#knex('noted_members').where(key).select('person_id', 'role', 'digest', 'gone');
    const known = new Map(rows.map((row) => [row.person_id, row]));
    const changed = members.flatMap(({ personId, role, view }) => {
      const digest = createHash('sha256').update(JSON.stringify(view)).digest();
      const before = known.get(personId);
      if (before !== undefined && !before.gone && before.digest.equals(digest)) return [];
      return [{ ...key, school_id: roster.school, person_id: personId, role, digest, gone: false }];
    });
    if (changed.length > 0) {
      await this.#knex('noted_members')
        .insert(changed)
        .onConflict(['registration_id', 'context_id', 'person_id'])
        .merge({
          role: this.#knex.raw('excluded.role'),
          digest: this.#knex.raw('excluded.digest'),
          gone: false,
          number: this.#knex.raw('excluded.number'),
          changed_at: this.#knex.fn.now(),
        });
    }
    const here = new Set(members.map(({ personId }) => personId));
    const left = rows.filter(({ person_id, gone }) => !gone && !here.has(person_id)).map(({ person_id }) => person_id);
    if (left.length > 0) {
      await this.#knex('noted_members')
        .where(key)
        .whereIn('person_id', left)
        .update({ gone: true, number: this.#knex.raw('default'), changed_at: this.#knex.fn.now() });
    }
    const last = await this.#knex('noted_members').where(key).max('number as number').first();
    return `${Math.floor(this.#clock.now().getTime() / 1000)}-${last?.number ?? 0}`;
  }

  /**
   * What changed since a mark that {@link note} gave: of each person, whether they left, and with which role.
   *
   * @throws Problem 410 if the mark is older than what is kept
   */
  async since(roster: Roster, mark: string): Promise<Map<string, { role: MemberRole; gone: boolean }>> {
    const [at, number] = mark.split('-') as [string, string];
    if (Number(at) < this.#clock.now().getTime() / 1000 - keptDays * 86_400) {
      throw new Problem({
        type: 'lti/differences-expired',
        status: 410,
        title: 'Gone',
        detail: `Differences are kept for ${keptDays} days. Read all members, and go on from the new address of the differences.`,
      });
    }
    const rows: Row[] = await this.#knex('noted_members')
      .where(keyOf(roster))
      .where('number', '>', number)
      .select('person_id', 'role', 'gone');
    return new Map(rows.map(({ person_id, role, gone }) => [person_id, { role, gone }]));
  }
}

const keyOf = ({ registrationId, contextId }: Roster) => ({ registration_id: registrationId, context_id: contextId });
