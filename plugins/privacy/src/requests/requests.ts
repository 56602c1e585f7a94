import { conflict, notFound, Problem, type RestrictionGround, systemPrincipal } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import { fullName } from '../find-person.js';
import { officersOf } from '../officers.js';
import { carryOut } from './carry-out.js';
import { addMonths, answerMonths, extensionMonths } from './deadlines.js';
import { letterText } from './letters.js';
import { currentValue } from './roster-values.js';
import type { LetterRow, RectifiedField, RequestRow, StepRow } from './rows.js';
import {
  openStates,
  type RequestAction,
  type RequestActor,
  type RequestKind,
  type RequestTransition,
  transitionOf,
} from './states.js';

export interface NewRequest {
  /** Id of the school that answers; null: the operator. */
  school: string | null;
  personId: string;
  askedBy: RequestRow['asked_by'];
  kind: RequestKind;
  purpose: string | null;
  language: string;
  details: string;
  askerName: string;
  askerContact: string;
  field: RectifiedField | null;
  wanted: string;
}

/** What is written with a transition. */
export interface Written {
  identity?: string | undefined;
  reason?: string | undefined;
  answer?: string | undefined;
  /** Why data are restricted; only where a restriction is granted. */
  ground?: RestrictionGround | undefined;
}

/** Most requests of one person that are open at a time. */
const mostOpen = 10;

type Services = Pick<Dependencies, 'knex' | 'principal' | 'directory' | 'calendar' | 'actAs' | 'privacy'>;

/**
 * Requests about personal data. All changes of state go through {@link create} and {@link change}, on which history, deadlines, letters and
 * notifications depend. The caller checks who may act; row-level security limits a school to its own requests.
 */
export class Requests {
  readonly #services: Services;
  readonly #knex: Knex;

  constructor({ knex, principal, directory, calendar, actAs, privacy }: Services) {
    this.#services = { knex, principal, directory, calendar, actAs, privacy };
    this.#knex = knex;
  }

  get #actor(): string | null {
    return this.#services.principal.kind === 'person' ? this.#services.principal.id : null;
  }

  /**
   * @param by id of the person who does it, for the history
   * @throws Problem 409 `privacy/too-many-requests`
   */
  async create(request: NewRequest, action: 'ask' | 'record', by = this.#actor): Promise<{ id: string; number: string }> {
    const open = await this.#knex('requests')
      .where({ person_id: request.personId })
      .whereNull('closed_at')
      .count('* as n')
      .first();
    if (Number(open?.['n']) >= mostOpen) {
      throw conflict(
        'privacy/too-many-requests',
        `At most ${mostOpen} requests of one person are open at a time. Answer one first.`,
      );
    }
    const today = await this.#today(request.school);
    const transition = transitionOf(action, null) as RequestTransition;
    const due = addMonths(today, answerMonths);
    const rosterValue =
      request.kind === 'rectification' ? await currentValue(this.#services, request.personId, request.field) : '';
    // As the system: a school may record a request that the operator answers.
    const [row]: RequestRow[] = await this.#services.actAs(systemPrincipal(), ({ knex }: Dependencies) =>
      knex('requests')
        .insert({
          school_id: request.school,
          person_id: request.personId,
          asked_by: request.askedBy,
          kind: request.kind,
          purpose: request.purpose,
          language: request.language,
          details: request.details,
          asker_name: request.askerName,
          asker_contact: request.askerContact,
          field: request.kind === 'rectification' ? request.field : null,
          roster_value: rosterValue,
          wanted: request.wanted,
          state: transition.to,
          identity_how: action === 'ask' ? 'account' : '',
          received_on: today,
          counted_from: today,
          due_on: due,
        })
        .returning('*'),
    );
    await this.#record(row as RequestRow, action, transition, { today, by });
    return { id: (row as RequestRow).id, number: (row as RequestRow).number };
  }

  /**
   * The one way in which a request changes its state.
   *
   * @throws Problem 404 if it is not the caller's, 409 `privacy/not-now`, 400 if what the transition needs is missing
   */
  async change(
    id: string,
    action: RequestAction,
    part: RequestActor,
    written: Written = {},
    by = this.#actor,
  ): Promise<RequestRow> {
    const row: RequestRow | undefined = await this.#knex('requests').where({ id }).forUpdate().first();
    if (row === undefined) throw notFound();
    const transition = transitionOf(action, row.state);
    if (transition === undefined || !transition.by.includes(part)) {
      throw conflict('privacy/not-now', `A request that is "${row.state}" cannot be changed by "${action}".`);
    }
    const { needs } = transition;
    if (needs !== null && (written[needs] ?? '') === '') throw missing(needs);
    const grants = action === 'grant';
    if (grants && row.kind === 'restriction' && written.ground === undefined) throw missing('ground');
    const to = action === 'pass-on' ? await this.#otherController(row) : row.school_id;
    const today = await this.#today(to);
    const from = transition.clock === 'starts' ? today : row.counted_from;
    const change = {
      state: transition.to,
      school_id: to,
      counted_from: from,
      due_on: dueAfter(transition, from, row.due_on),
      ...(transition.clock === 'starts' || transition.clock === 'extends' ? { reminders: 0 } : {}),
      ...(transition.clock === 'ends' ? { closed_at: this.#knex.fn.now() } : {}),
      ...(needs === 'identity' ? { identity_how: written.identity } : {}),
      ...(needs === 'reason' ? { reason: written.reason } : {}),
      ...(needs === 'answer' ? { answer: written.answer } : {}),
      // The school's files have it, so that the school has to correct it there.
      ...(grants && row.kind === 'rectification' && to !== null
        ? { flagged_at: this.#knex.raw('coalesce(flagged_at, now())') }
        : {}),
      updated_at: this.#knex.fn.now(),
    };
    // The school gives it away, or gets it from the operator: row-level security would let neither see it on both sides.
    const changed =
      to === row.school_id
        ? await update(this.#knex, id, change)
        : await this.#services.actAs(systemPrincipal(), async ({ knex }: Dependencies) => {
            for (const table of ['request_steps', 'request_letters']) {
              await knex(table).where({ request_id: id }).update({ school_id: to });
            }
            return update(knex, id, change);
          });
    await this.#record(changed, action, transition, { today, by });
    if (grants) await this.#carryOut(changed, written.ground, by);
    return changed;
  }

  /** @throws Problem 404 */
  async get(id: string): Promise<{ request: RequestRow; steps: StepRow[]; letters: LetterRow[] }> {
    const request: RequestRow | undefined = await this.#knex('requests').where({ id }).first();
    if (request === undefined) throw notFound();
    const steps: StepRow[] = await this.#knex('request_steps').where({ request_id: id }).orderBy('id').limit(mostSteps);
    const letters: LetterRow[] = await this.#knex('request_letters')
      .where({ request_id: id })
      .orderBy(['made_at', 'id'])
      .limit(mostSteps);
    return { request, steps, letters };
  }

  /** Does what was granted, and keeps as proof what that was. */
  async #carryOut(row: RequestRow, ground: RestrictionGround | undefined, by: string | null): Promise<void> {
    const { id, school_id, state } = row;
    const done = await carryOut(this.#services, row, ground);
    if (done.length === 0) return;
    await this.#knex('request_steps').insert(
      done.map(({ action, detail }) => ({ ...{ request_id: id, school_id, action, detail, state }, by_id: by })),
    );
  }

  async #today(school: string | null): Promise<string> {
    return this.#services.calendar.today(school ?? undefined);
  }

  /** From a school the operator; from the operator the person's school. */
  async #otherController({ school_id, person_id }: RequestRow): Promise<string | null> {
    if (school_id !== null) return null;
    const person = person_id === null ? null : await this.#services.directory.people.get(person_id);
    const [school] = person?.schools ?? [];
    if (school === undefined) throw conflict('privacy/no-school', 'The person belongs to no school.');
    return school;
  }

  /** History, letter and notification of a transition; as the system, because the request may have gone to somebody else. */
  async #record(
    row: RequestRow,
    action: RequestAction,
    { letter, tells }: RequestTransition,
    { today, by }: { today: string; by: string | null },
  ): Promise<void> {
    await this.#services.actAs(systemPrincipal(), async ({ knex, directory, notifications, settings }: Dependencies) => {
      const about = { request_id: row.id, school_id: row.school_id };
      await knex('request_steps').insert({ ...about, action, state: row.state, due_on: row.due_on, by_id: by });
      if (letter !== null && row.person_id !== null) {
        const person = await directory.people.get(row.person_id);
        const school = row.school_id === null ? null : await directory.schools.get(row.school_id);
        const name = person === null ? '' : fullName(person);
        const text = letterText({
          kind: letter,
          request: row.kind,
          language: row.language,
          number: row.number,
          to: row.asker_name === '' ? name : row.asker_name,
          about: name,
          sender: school?.name ?? ((await settings.portal()).operator || 'i-Learn'),
          today,
          received: row.received_on,
          due: row.due_on,
          reason: row.reason,
          answer: row.answer,
        });
        await knex('request_letters').insert({ ...about, person_id: row.person_id, kind: letter, language: row.language, text });
      }
      if (tells === 'asker' && row.asked_by === 'self' && row.person_id !== null) {
        await notifications?.notify.send({ kind: 'privacy.request-answered', to: [row.person_id], place: '/mijn-gegevens' });
      }
      if (tells === 'officers') {
        const to = (await officersOf(this.#services, row.school_id)).filter((id) => id !== by);
        const place = `/beheer/privacy/verzoeken/${row.id}`;
        if (to.length > 0) await notifications?.notify.send({ kind: 'privacy.request-received', to, place });
      }
    });
  }
}

export const mostSteps = 100;

export const isOpen = ({ state }: Pick<RequestRow, 'state'>): boolean => (openStates as readonly string[]).includes(state);

async function update(knex: Knex, id: string, change: object): Promise<RequestRow> {
  const [row]: RequestRow[] = await knex('requests').where({ id }).update(change).returning('*');
  if (row === undefined) throw notFound();
  return row;
}

/** @param from the day from which the time is counted */
function dueAfter({ clock }: RequestTransition, from: string, due: string | null): string | null {
  if (clock === 'starts') return addMonths(from, answerMonths);
  if (clock === 'extends') return addMonths(from, answerMonths + extensionMonths);
  return clock === 'goes on' ? due : null;
}

const missing = (what: string): Problem =>
  new Problem({
    type: 'privacy/missing-text',
    status: 400,
    title: 'Text missing',
    errors: [{ in: 'body', pointer: `/${what}`, message: 'Write this: it is kept as proof.' }],
  });
