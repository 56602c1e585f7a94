import { createHash, randomBytes } from 'node:crypto';
import { Problem } from '@ilearn/core';
import type { StudyDependencies } from './dependencies.js';
import type { Studies } from './studies.js';

interface Needs extends StudyDependencies {
  studies: Studies;
}

const digest = (token: string) => createHash('sha256').update(token).digest();

/**
 * Bearer tokens with which data of single pupils are fetched: one for each study, so that neither the token of a partner's connector nor that of another
 * study opens them. Only their SHA-256 is stored.
 */
export class StudyTokens {
  readonly #needs: Needs;

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  /**
   * Makes the token of a study, which is shown once. The one before it is worth nothing from then on, also for a file that is being fetched.
   *
   * @throws Problem 404, or 409 unless the study is approved
   */
  async make(study: string): Promise<{ token: string }> {
    await this.#needs.studies.running(study);
    const token = `ilst_${randomBytes(32).toString('base64url')}`;
    await this.#needs
      .knex('study_tokens')
      .insert({ study_id: study, token_hash: digest(token) })
      .onConflict('study_id')
      .merge({ token_hash: digest(token), made_at: this.#needs.knex.fn.now() });
    return { token };
  }

  /**
   * Id of the study to which a token belongs.
   *
   * @param header `Authorization: Bearer …` (RFC 6750)
   * @throws Problem 401 if the token is missing or unknown, or the partner of its study was stopped
   */
  async studyOf(header: string | undefined): Promise<string> {
    const token = /^Bearer (ilst_[\w-]{20,200})$/i.exec(header ?? '')?.[1];
    const found =
      token === undefined
        ? undefined
        : await this.#needs
            .knex('study_tokens as t')
            .join('studies as s', 's.id', 't.study_id')
            .join('partners as p', 'p.id', 's.partner_id')
            .where({ 't.token_hash': digest(token), 'p.active': true })
            .first('t.study_id');
    if (found !== undefined) return found.study_id;
    throw new Problem({
      type: 'data-space/unknown-study-token',
      status: 401,
      title: 'Unknown token',
      detail: 'Send the bearer token of this study. The token of an organisation does not open the data of its studies.',
      headers: { 'www-authenticate': 'Bearer realm="i-Learn studies"' },
    });
  }
}
