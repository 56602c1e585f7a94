import { notFound } from '@ilearn/core';
import type { StudyDependencies } from './dependencies.js';
import type { Participants } from './participants.js';
import { questionTexts } from './question-text.js';
import type { Studies } from './studies.js';
import { askedOf, type Study, type schoolStates } from './study.js';

interface Needs extends StudyDependencies {
  studies: Studies;
  participants: Participants;
}

/** What a school decided about a study. */
export interface SchoolStudy {
  study: string;
  school: string;
  state: (typeof schoolStates)[number];
  classes: string[];
}

/** Number of studies that a school sees, the latest ones. */
export const mostSchoolStudies = 100;
const askedAtOnce = 500;

/** Which schools agree that their people are asked, and whom they choose. */
export class StudySchools {
  readonly #needs: Needs;

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  /** What schools of the reader were asked, the latest first. */
  async list(): Promise<{ decided: SchoolStudy; study: Study }[]> {
    const { knex, studies } = this.#needs;
    const rows: SchoolStudy[] = await knex('study_schools')
      .select({ study: 'study_id', school: 'school_id' }, 'state', 'classes')
      .orderByRaw('asked_at desc, study_id, school_id')
      .limit(mostSchoolStudies);
    const found = new Map((await studies.getMany(rows.map(({ study }) => study))).map((each) => [each.id, each]));
    return rows.flatMap((decided) => {
      const study = found.get(decided.study);
      return study === undefined ? [] : [{ decided, study }];
    });
  }

  /**
   * The school agrees that people of these classes are asked, by a job. What is kept of people who are in none of them is deleted.
   *
   * @throws Problem 404 unless the school was asked, or for a class that is not of the school; 409 unless the study is running
   */
  async agree(study: string, school: string, classes: readonly string[]): Promise<void> {
    const { directory, jobs, participants, studies } = this.#needs;
    await studies.running(study);
    const known = await directory.classes.getMany(classes);
    if (known.filter((each) => each.school === school).length !== new Set(classes).size) throw notFound();
    await this.#decide(study, school, { state: 'agreed', classes: [...classes] });
    await participants.keepOnly(study, school, classes);
    await jobs.enqueue('askPeople', { study, school });
  }

  /**
   * The school does not agree, or no longer: nothing about its people is delivered any more, and what was kept of them for the study is
   * deleted. Possible at any time.
   *
   * @throws Problem 404 unless the school was asked
   */
  async refuse(study: string, school: string): Promise<void> {
    const { knex } = this.#needs;
    await this.#decide(study, school, { state: 'refused', classes: [] });
    await knex('study_acts').where({ study_id: study, school_id: school }).delete();
    await knex('study_participants').where({ study_id: study, school_id: school }).delete();
  }

  /** Asks the pupils of the chosen classes who were not asked yet. */
  async askPeople(study: string, school: string): Promise<void> {
    const { knex, privacy, studies, participants } = this.#needs;
    const asked = await studies.get(study);
    // Neither the school nor a steward ends it until this unit of work does.
    const approved = await knex('studies').where({ id: study, state: 'approved' }).forShare().first('id');
    const agreed = await knex('study_schools')
      .where({ study_id: study, school_id: school, state: 'agreed' })
      .forShare()
      .first('classes');
    if (approved === undefined || agreed === undefined) return;
    const question = { ...askedOf(study), heading: asked.title, texts: questionTexts(asked) };
    for (let after: string | null = null; ; ) {
      const found = knex('directory.class_members')
        .distinct('person_id')
        .where({ school_id: school, role: 'pupil' })
        .whereIn('class_id', agreed.classes)
        .orderBy('person_id')
        .limit(askedAtOnce);
      if (after !== null) found.where('person_id', '>', after);
      const people: string[] = await found.pluck('person_id');
      await privacy.consents.askAll(people, question);
      // Those who said yes before the school ended its agreement, and agreed again.
      await participants.add(study, school, await privacy.consents.sinceAmong(people, askedOf(study)));
      if (people.length < askedAtOnce) return;
      after = people.at(-1) as string;
    }
  }

  async #decide(study: string, school: string, to: { state: 'agreed' | 'refused'; classes: string[] }): Promise<void> {
    const { knex } = this.#needs;
    const decided = await knex('study_schools')
      .where({ study_id: study, school_id: school })
      .update({ ...to, decided_at: knex.fn.now() });
    if (decided === 0) throw notFound();
  }
}
