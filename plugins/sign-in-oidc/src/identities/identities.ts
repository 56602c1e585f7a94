import { createHash } from 'node:crypto';
import { notFound, systemPrincipal } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { SignInProviders } from '../flows/providers.js';
import type { LogoutNotice, Proof } from '../protocols/protocol.js';

/** More ways to sign in than anybody needs. */
export const mostIdentities = 50;

/** How an identity came to be: by the roster at the first sign-in, by the school from its waiting list, or by the person. */
export type Made = 'roster' | 'school' | 'own';

/**
 * How an account is added. `schools`: those that answer for it. `everywhere`: see {@link Identity}; only if the person proved by other means
 * than their school who they are.
 */
export type Addition =
  | { made: Exclude<Made, 'own'>; schools: readonly string[] }
  | { made: Extract<Made, 'own'>; everywhere: boolean };

export interface Identity {
  id: string;
  person_id: string;
  /** Whether the person acts with it wherever they hold a role; otherwise only in the schools that its proof speaks for. */
  everywhere: boolean;
}

export interface OwnIdentity {
  id: string;
  provider: string;
  label: string;
  made: Made;
  addedAt: Date;
  usedAt: Date;
}

/** An account elsewhere: unique in the portal, compared exactly. */
export type Account = Pick<Proof, 'issuer' | 'subject'> & { provider: string };

const identityColumns = ['id', 'person_id', 'everywhere'] as const;

const NOTICE_MS = 10 * 60_000;

/**
 * Which accounts elsewhere belong to which person. An account is known by provider, issuer and subject only: no e-mail address, username or
 * name is ever compared.
 */
export class Identities {
  readonly #knex: Dependencies['knex'];
  readonly #actAs: Dependencies['actAs'];
  readonly #sessions: Dependencies['sessions'];
  readonly #access: Dependencies['access'];
  readonly #secrets: Dependencies['secrets'];
  readonly #clock: Dependencies['clock'];
  readonly #login: Dependencies['login'];
  readonly #notifications: Dependencies['notifications'];
  readonly #providers: SignInProviders;

  constructor({
    knex,
    actAs,
    sessions,
    access,
    secrets,
    clock,
    login,
    notifications,
    signInProviders,
  }: Dependencies & { signInProviders: SignInProviders }) {
    this.#knex = knex;
    this.#actAs = actAs;
    this.#sessions = sessions;
    this.#access = access;
    this.#secrets = secrets;
    this.#clock = clock;
    this.#login = login;
    this.#notifications = notifications;
    this.#providers = signInProviders;
  }

  /** Locked until the unit of work ends, so that {@link remove} also ends the session that is about to begin. */
  async find({ provider, issuer, subject }: Account): Promise<Identity | null> {
    const account = this.#knex('identities').where({ provider, issuer, subject });
    return (await account.forNoKeyUpdate().first(...identityColumns)) ?? null;
  }

  /** Whether the person has another account at the same issuer. */
  async hasAnother(personId: string, { provider, issuer }: Account): Promise<boolean> {
    return (await this.#knex('identities').where({ person_id: personId, provider, issuer }).first('id')) !== undefined;
  }

  /**
   * Adds an account to a person, and tells them. It waits in no school any more. If it was not the person who did so, whatever could sign in
   * as them before without proof ends: sessions, and a password that others handed out. Both stay if the person holds a role elsewhere, for
   * which the schools cannot answer. Returns null if the account belongs to somebody else.
   */
  async add(personId: string, account: Account, by: Addition): Promise<Identity | null> {
    const { provider, issuer, subject } = account;
    const everywhere = by.made === 'own' && by.everywhere;
    const rows: Identity[] = await this.#knex('identities')
      .insert({ person_id: personId, provider, issuer, subject, made: by.made, everywhere })
      .onConflict(['provider', 'issuer', 'subject'])
      .ignore()
      .returning([...identityColumns]);
    const [row] = rows;
    // Schools see what waits for them only.
    await this.#actAs(systemPrincipal(), ({ knex }: Dependencies) =>
      knex('waiting').where({ provider, issuer, subject }).delete(),
    );
    if (row === undefined) return this.#addAgain(personId, account, everywhere);
    const lostPassword =
      by.made !== 'own' &&
      (await this.#holdsRolesOnlyIn(by.schools, personId)) &&
      (await this.#login.accounts.dropUnverified(personId));
    await this.#tell(personId, provider, lostPassword ? 'password-ended' : 'identity-added');
    return row;
  }

  /**
   * Records a sign-in with this account in the session with this handle.
   *
   * @param schools ids of the schools in which the session may act; null: wherever the person holds a role
   */
  async signedIn(
    { id }: Identity,
    handle: string,
    schools: readonly string[] | null,
    { sid, idToken }: Pick<Proof, 'sid' | 'idToken'>,
  ): Promise<void> {
    await this.#knex('identities').where({ id }).update({ updated_at: this.#clock.now() });
    const sealed = idToken === null ? null : Buffer.from(await this.#secrets.seal('id-tokens', handle, idToken));
    await this.#knex('provider_sessions').insert({ handle, identity_id: id, sid, id_token: sealed, schools });
  }

  /** Ids of the schools in which the session with this handle may act; null: wherever the person holds a role. */
  async schoolsOf(handle: string): Promise<readonly string[] | null> {
    return (await this.#knex('provider_sessions').where({ handle }).first('schools'))?.schools ?? null;
  }

  /** The provider of a session, and the token with which its person signs out there; null if it was not begun at a provider. */
  async providerOf(handle: string): Promise<{ provider: string; idToken: string | null } | null> {
    const row = await this.#knex('provider_sessions as s')
      .join('identities as i', 'i.id', 's.identity_id')
      .where('s.handle', handle)
      .first('i.provider', 's.id_token');
    if (row === undefined) return null;
    return {
      provider: row.provider,
      idToken: row.id_token === null ? null : await this.#secrets.open('id-tokens', handle, row.id_token),
    };
  }

  /**
   * Ends the sessions that a provider says have ended there: that with its `sid`, otherwise all of the account. A notice counts once.
   *
   * @returns false if the notice was used before
   */
  async signedOutThere(provider: string, { issuer, id, sid, subject }: LogoutNotice): Promise<boolean> {
    const id_hash = createHash('sha256')
      .update(JSON.stringify([provider, issuer, id]))
      .digest();
    const expires_at = new Date(this.#clock.now().getTime() + NOTICE_MS);
    const fresh = await this.#knex('notices').insert({ id_hash, expires_at }).onConflict('id_hash').ignore().returning('id_hash');
    if (fresh.length === 0) return false;
    const query = this.#knex('provider_sessions as s')
      .join('identities as i', 'i.id', 's.identity_id')
      .where({ provider, issuer });
    if (sid !== null) query.where('s.sid', sid);
    else query.where('i.subject', subject);
    const handles: string[] = await query.limit(1_000).pluck('s.handle');
    await this.#end(handles);
    return true;
  }

  async ofPerson(personId: string): Promise<OwnIdentity[]> {
    const rows = await this.#knex('identities')
      .where({ person_id: personId })
      .orderBy(['created_at', 'id'])
      .limit(mostIdentities)
      .select('id', 'provider', 'made', 'created_at', 'updated_at');
    return rows.map(({ id, provider, made, created_at: addedAt, updated_at: usedAt }) => ({
      id,
      provider,
      label: this.#providers.find(provider)?.label ?? provider,
      made,
      addedAt,
      usedAt,
    }));
  }

  /**
   * Removes one of the person's accounts, and ends the sessions that it began.
   *
   * @throws Problem 404
   */
  async remove(personId: string, id: string): Promise<void> {
    const row = await this.#knex('identities').where({ id, person_id: personId }).forUpdate().first('provider');
    if (row === undefined) throw notFound();
    const handles: string[] = await this.#knex('provider_sessions').where({ identity_id: id }).limit(1_000).pluck('handle');
    await this.#knex('identities').where({ id }).delete();
    await this.#sessions.endHandles(handles);
    await this.#tell(personId, row.provider, 'identity-removed');
  }

  async #holdsRolesOnlyIn(schools: readonly string[], personId: string): Promise<boolean> {
    return (await this.#access.rolesOf(personId)).every(({ tenant }) => tenant !== null && schools.includes(tenant));
  }

  /** An account that is somebody's. Its person may lift its limit. */
  async #addAgain(personId: string, account: Account, everywhere: boolean): Promise<Identity | null> {
    const found = await this.find(account);
    if (found?.person_id !== personId) return null;
    if (!everywhere || found.everywhere) return found;
    await this.#knex('identities').where({ id: found.id }).update({ everywhere });
    await this.#tell(personId, account.provider, 'identity-added');
    return { ...found, everywhere };
  }

  async #end(handles: readonly string[]): Promise<void> {
    if (handles.length === 0) return;
    await this.#sessions.endHandles(handles);
    await this.#knex('provider_sessions')
      .whereRaw('handle = any(?::uuid[])', [[...handles]])
      .delete();
  }

  async #tell(personId: string, provider: string, kind: 'identity-added' | 'identity-removed' | 'password-ended'): Promise<void> {
    const label = this.#providers.find(provider)?.label ?? provider;
    await this.#actAs(systemPrincipal(), async () =>
      this.#notifications?.notify.send({
        kind: `sign-in-oidc.${kind}`,
        to: [personId],
        place: '/account',
        params: { provider: label },
      }),
    );
  }
}
