import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import type { AuthenticatedApp } from './client-authentication.js';
import { OauthError } from './oauth-error.js';
import type { Parameters } from './request.js';

/** Scopes that a specification names, and the scope of the portal that each stands for. */
const aliases: Record<string, string> = {
  // OneRoster 1.2 Rostering Service §3.1.
  'https://purl.imsglobal.org/spec/or/v1p2/scope/roster-core.readonly': 'directory.roster:read',
  'https://purl.imsglobal.org/spec/or/v1p2/scope/roster.readonly': 'directory.roster:read',
};

/** What a token will be for. */
export interface Wish {
  scopes: string[];
  /** As the client wrote them. */
  written: string;
  /** Id of the only school; null: all that granted the scopes. */
  school: string | null;
}

/** Decides what a new token reaches: scopes that the portal approved, in schools that granted all of them. */
export class Reach {
  readonly #knex: Knex;
  readonly #directory: Dependencies['directory'];

  constructor({ knex, directory }: Dependencies) {
    this.#knex = knex;
    this.#directory = directory;
  }

  /** @throws OauthError `invalid_scope` that names what is missing */
  async of(app: AuthenticatedApp, parameters: Parameters): Promise<Wish> {
    const { scope, school: number } = parameters;
    const written = scope === undefined ? app.scopes : scope.split(' ').filter(Boolean);
    const scopes = [...new Set(written.map((each) => aliases[each] ?? each))].sort();
    const missing = scopes.filter((each) => !app.scopes.includes(each));
    if (scopes.length === 0) throw new OauthError('invalid_scope', 'scope names nothing');
    if (missing.length > 0) {
      throw new OauthError('invalid_scope', `the portal has not approved ${missing.join(' ')} for this app`);
    }
    const school = number === undefined ? null : ((await this.#directory.schools.byInstellingsnummer(number))?.id ?? null);
    const granted = this.#knex('grants')
      .where({ app_id: app.id, ...(school === null ? {} : { school_id: school }) })
      .whereRaw('scopes @> ?::text[]', [scopes] as unknown as string[])
      .first('school_id');
    // An unknown school is answered like one that granted nothing.
    if ((number !== undefined && school === null) || (await granted) === undefined) {
      const who = number === undefined ? 'no school has' : `the school ${number} has not`;
      throw new OauthError('invalid_scope', `${who} switched on ${scopes.join(' ')} for this app`);
    }
    return { scopes, written: [...new Set(written)].join(' '), school };
  }
}
