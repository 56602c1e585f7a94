import { conflict, type Language, notFound } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import { type Prefilled, prefilledIn } from './prefilled.js';
import type { Answers } from './questions.js';

/** A version of an assessment, with what the portal answered by itself when it was written. */
export interface AssessmentRow {
  version: number;
  made_at: Date;
  made_by: string | null;
  language: Language;
  answers: Answers;
  prefilled: Prefilled;
}

/** Most versions in a list. */
export const mostVersions = 100;

type Services = Pick<Dependencies, 'knex' | 'privacy' | 'settings' | 'principal' | 'locks' | 'clock'>;

/**
 * Impact assessments (GDPR art. 35) of schools and of the operator. Each time that one is stored there is a new version; earlier ones do
 * not change.
 *
 * @param school in each method null for the operator; the caller checks who may ask
 */
export class Assessments {
  readonly #services: Services;

  constructor({ knex, privacy, settings, principal, locks, clock }: Services) {
    this.#services = { knex, privacy, settings, principal, locks, clock };
  }

  /** The versions, the latest first, without their texts. */
  versions(school: string | null): Promise<Pick<AssessmentRow, 'version' | 'made_at' | 'made_by'>[]> {
    return this.#of(school).orderBy('version', 'desc').limit(mostVersions).select('version', 'made_at', 'made_by');
  }

  /** The latest version; null before the first. */
  async latest(school: string | null): Promise<AssessmentRow | null> {
    return (await this.#of(school).orderBy('version', 'desc').first()) ?? null;
  }

  /** @throws Problem 404 */
  async get(school: string | null, version: number): Promise<AssessmentRow> {
    const row: AssessmentRow | undefined = await this.#of(school).where({ version }).first();
    if (row === undefined) throw notFound();
    return row;
  }

  /**
   * Stores a version, with what the portal answers by itself now. Returns its number.
   *
   * @param after the version that was changed; 0 for the first
   * @throws Problem 409 `privacy/other-assessment` if somebody stored a later one meanwhile
   */
  async store(school: string | null, after: number, answers: Answers, language: Language): Promise<number> {
    const { knex, principal, locks, clock } = this.#services;
    await locks.take(`assessment ${school ?? 'operator'}`);
    const latest = (await this.latest(school))?.version ?? 0;
    if (latest !== after) {
      throw conflict('privacy/other-assessment', 'Somebody stored a later version. Read it, then write yours again.');
    }
    await knex('assessments').insert({
      ...{ school_id: school, version: latest + 1, language, made_at: clock.now() },
      made_by: principal.kind === 'person' ? principal.id : null,
      answers: JSON.stringify(answers),
      prefilled: JSON.stringify(await prefilledIn(language, this.#services)),
    });
    return latest + 1;
  }

  #of(school: string | null) {
    const all = this.#services.knex('assessments');
    return school === null ? all.whereNull('school_id') : all.where({ school_id: school });
  }
}
