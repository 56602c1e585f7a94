import { randomUUID } from 'node:crypto';
import { conflict, type Http, notFound } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import type { ServiceScope } from '../scopes.js';
import { isInService } from './in-service.js';
import { refuseUnreachable } from './reachable.js';
import {
  type ChangedRegistration,
  identifier,
  type NewRegistration,
  type Presentation,
  type Registration,
  type RegistrationInput,
} from './registration.js';

export const mostRegistrations = 1_000;

interface RegistrationRow {
  id: string;
  key: string;
  name: string;
  client_id: string;
  deployment_id: string;
  login_url: string;
  login_method: 'GET' | 'POST';
  redirect_uris: string[];
  jwks_url: string;
  release_name: boolean;
  release_email: boolean;
  scopes: ServiceScope[];
  deep_linking_url: string | null;
  presentation: Presentation;
  active: boolean;
  source: string | null;
}

const columns = [
  ...[
    'id',
    'key',
    'name',
    'client_id',
    'deployment_id',
    'login_url',
    'login_method',
    'redirect_uris',
    'jwks_url',
    'release_name',
  ],
  ...['release_email', 'scopes', 'deep_linking_url', 'presentation', 'active', 'source'],
];

const toRow = (input: ChangedRegistration | NewRegistration | RegistrationInput) => ({
  key: input.key,
  name: input.name,
  deployment_id: input.deploymentId,
  login_url: input.loginUrl,
  login_method: input.loginMethod,
  redirect_uris: input.redirectUris,
  jwks_url: input.jwksUrl,
  release_name: input.release.name,
  release_email: input.release.email,
  scopes: input.scopes,
  deep_linking_url: input.deepLinkingUrl,
  presentation: input.presentation,
});

const nameOf = (plugin: string, key: string) => `${plugin} ${key}`;

/** The registered tools. They belong to the portal, not to a school. */
export class RegistrationService {
  readonly #knex: Knex;
  readonly #contributions: Dependencies['contributions'];
  readonly #log: Dependencies['log'];
  readonly #http: Http;

  constructor({ knex, contributions, log, http }: Dependencies) {
    this.#http = http;
    this.#knex = knex;
    this.#contributions = contributions;
    this.#log = log;
  }

  /** The first {@link mostRegistrations} by name; `more` is true if there are others. */
  async list(): Promise<{ registrations: Registration[]; more: boolean }> {
    const rows: RegistrationRow[] = await this.#approved()
      .orderBy('name')
      .orderBy('key')
      .limit(mostRegistrations + 1);
    return {
      registrations: rows.slice(0, mostRegistrations).map((row) => this.#fromRow(row)),
      more: rows.length > mostRegistrations,
    };
  }

  /** @throws Problem 404 */
  async get(id: string): Promise<Registration> {
    const row: RegistrationRow | undefined = await this.#approved().where({ id }).first();
    if (row === undefined) throw notFound();
    return this.#fromRow(row);
  }

  async activeByKey(key: string): Promise<Registration | null> {
    return this.#active({ key });
  }

  async activeByClientId(clientId: string): Promise<Registration | null> {
    if (!identifier.safeParse(clientId).success) return null;
    return this.#active({ client_id: clientId });
  }

  async activeById(id: string): Promise<Registration | null> {
    return this.#active({ id });
  }

  /** @throws Problem 422 if an address cannot be used; 409 if the key or client id is taken */
  async add(input: NewRegistration): Promise<Registration> {
    refuseUnreachable(this.#http, input);
    const clientId = input.clientId ?? randomUUID();
    await this.#refuseTaken(input.key, clientId, null);
    const [row] = await this.#rows()
      .insert({ ...toRow(input), client_id: clientId })
      .returning('*');
    return this.#fromRow(row as RegistrationRow);
  }

  /** @throws Problem 404; 409 if a plugin in service contributes it, or the key is taken; 422 if an address cannot be used */
  async change(id: string, input: ChangedRegistration): Promise<Registration> {
    const current = await this.get(id);
    this.#refuseContributed(current);
    refuseUnreachable(this.#http, input);
    await this.#refuseTaken(input.key, null, id);
    const [row] = await this.#rows()
      .where({ id })
      .update({ ...toRow(input), active: input.active, source: null, updated_at: this.#knex.fn.now() })
      .returning('*');
    return this.#fromRow(row as RegistrationRow);
  }

  /** @throws Problem 404; 409 if a plugin in service contributes it, or if it was used and its scores would be lost */
  async remove(id: string): Promise<void> {
    const current = await this.get(id);
    this.#refuseContributed(current);
    // Foreign keys show whether it was used, because they also see the rows of other schools.
    await this.#knex
      .transaction((savepoint) => savepoint('registrations').where({ id }).delete())
      .catch((error: { code?: string }) => {
        if (error.code !== '23503') throw error;
        throw conflict('lti/registration-in-use', 'This tool was used. Switch it off ("active": false) to keep its scores.');
      });
  }

  /**
   * Stores the contributions of the plugins in service: adds new registrations, updates known ones, and deactivates those that these
   * plugins no longer contribute. Does not change those of other plugins: they are inactive while their plugin is out of service, and it
   * may be in service in another process. A contribution whose key or client id is already taken is skipped and logged.
   */
  async takeContributions(): Promise<void> {
    const contributed = this.#contributions.of('registrations');
    const there = new Set(contributed.map(({ plugin, value }) => nameOf(plugin, value.key)));
    const kept: string[] = [];
    for (const { plugin, value } of contributed) {
      const holders: RegistrationRow[] = await this.#rows().where({ key: value.key }).orWhere({ client_id: value.clientId });
      // Another plugin may take over a tool with the same key and client id once the first plugin no longer contributes it.
      const isItself = ({ key, client_id, source }: RegistrationRow) =>
        key === value.key &&
        source !== null &&
        (source === plugin || (client_id === value.clientId && !there.has(nameOf(source, key))));
      const other = holders.find((holder) => !isItself(holder));
      if (other !== undefined) {
        const owner = other.source === null ? 'an administrator' : `the plugin "${other.source}"`;
        this.#log.error(
          { plugin, registration: value.key },
          `registration "${value.key}" (client id "${value.clientId}") is skipped: ${owner} already has that key or client id`,
        );
        continue;
      }
      const row = { ...toRow(value), client_id: value.clientId, source: plugin };
      await this.#rows()
        .insert(row)
        .onConflict('key')
        .merge({ ...row, active: true, updated_at: this.#knex.fn.now() });
      kept.push(value.key);
    }
    const plugins = contributed.map(({ plugin }) => plugin);
    await this.#rows().whereIn('source', plugins).whereNotIn('key', kept).update({ active: false });
  }

  #rows() {
    return this.#knex('registrations');
  }

  /** Without tools that registered themselves and wait for an administrator: to everyone else they do not exist. */
  #approved() {
    return this.#rows().where({ pending: false });
  }

  async #active(by: Partial<RegistrationRow>): Promise<Registration | null> {
    const row: RegistrationRow | undefined = await this.#approved().where(by).first(columns);
    const registration = row === undefined ? null : this.#fromRow(row);
    return registration?.active === true ? registration : null;
  }

  /** A contributed registration is active only while its plugin is in service. */
  #fromRow(row: RegistrationRow): Registration {
    return {
      id: row.id,
      key: row.key,
      name: row.name,
      clientId: row.client_id,
      deploymentId: row.deployment_id,
      loginUrl: row.login_url,
      loginMethod: row.login_method,
      redirectUris: row.redirect_uris,
      jwksUrl: row.jwks_url,
      release: { name: row.release_name, email: row.release_email },
      scopes: row.scopes,
      deepLinkingUrl: row.deep_linking_url,
      presentation: row.presentation,
      active: row.active && isInService(this.#contributions, row),
      source: row.source,
    };
  }

  /** Administrators may change a contributed registration only while it is inactive. */
  #refuseContributed(registration: Registration): void {
    if (registration.source === null || !registration.active) return;
    throw conflict(
      'lti/registration-of-plugin',
      `The plugin "${registration.source}" contributes this registration; change that plugin's configuration.`,
    );
  }

  async #refuseTaken(key: string, clientId: string | null, exceptId: string | null): Promise<void> {
    const taken: RegistrationRow | undefined = await this.#rows()
      .where((either) => {
        either.where({ key });
        if (clientId !== null) either.orWhere({ client_id: clientId });
      })
      .modify((query) => {
        if (exceptId !== null) query.whereNot({ id: exceptId });
      })
      .first();
    if (taken === undefined) return;
    throw conflict('lti/registration-taken', `The tool "${taken.name}" already has this key or client id.`);
  }
}
