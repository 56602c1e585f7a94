import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { conflict, type Http, notFound } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import { refuseUnreachable } from '../registrations/reachable.js';
import type { ServiceScope } from '../scopes.js';
import type { ToolMetadata } from './tool-metadata.js';

const lifetimeMinutes = 60;
export const mostPending = 100;

const digest = (token: string) => createHash('sha256').update(token).digest();

/** A tool that registered itself and waits for an administrator. */
export interface PendingTool {
  id: string;
  name: string;
  key: string;
  hosts: string[];
  scopes: ServiceScope[];
  release: { name: boolean; email: boolean };
  choosing: boolean;
  registeredAt: string;
}

export interface Approval {
  scopes: ServiceScope[];
  release: { name: boolean; email: boolean };
}

/** Tools that register themselves. Until an administrator approves one, nothing can be launched or asked with it. */
export class SelfRegistrations {
  readonly #knex: Knex;
  readonly #http: Http;

  constructor({ knex, http }: Dependencies) {
    this.#knex = knex;
    this.#http = http;
  }

  /** A token for one registration, within an hour. Only its hash is stored. */
  async invite(): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    await this.#knex('registration_tokens').where('expires_at', '<=', this.#knex.fn.now()).whereNull('registration_id').delete();
    await this.#knex('registration_tokens').insert({
      token_hash: digest(token),
      expires_at: this.#knex.raw('now() + make_interval(mins => ?)', [lifetimeMinutes]),
    });
    return token;
  }

  /** Whether the token can be used now. */
  async admits(token: string): Promise<boolean> {
    const row = await this.#knex('registration_tokens')
      .where({ token_hash: digest(token), registration_id: null })
      .where('expires_at', '>', this.#knex.fn.now())
      .first('token_hash');
    return row !== undefined;
  }

  /**
   * Stores the tool, to be approved, and uses the token up.
   *
   * @returns null if the token was used meanwhile
   * @throws Problem 422 if an address cannot be used
   */
  async register(token: string, tool: ToolMetadata): Promise<{ id: string; clientId: string; deploymentId: string } | null> {
    refuseUnreachable(this.#http, tool);
    const row = {
      id: randomUUID(),
      key: await this.#freeKey(tool.name),
      name: tool.name,
      client_id: randomUUID(),
      deployment_id: randomUUID(),
      login_url: tool.loginUrl,
      login_method: 'GET',
      redirect_uris: tool.redirectUris,
      jwks_url: tool.jwksUrl,
      release_name: tool.release.name,
      release_email: tool.release.email,
      scopes: tool.scopes,
      deep_linking_url: tool.deepLinkingUrl,
      active: false,
      pending: true,
    };
    await this.#knex('registrations').insert(row);
    const used = await this.#knex('registration_tokens')
      .where({ token_hash: digest(token), registration_id: null })
      .where('expires_at', '>', this.#knex.fn.now())
      .update({ registration_id: row.id });
    if (used === 0) {
      await this.#knex('registrations').where({ id: row.id }).delete();
      return null;
    }
    return { id: row.id, clientId: row.client_id, deploymentId: row.deployment_id };
  }

  /** Those that wait, oldest first. */
  async pending(): Promise<PendingTool[]> {
    const rows = await this.#knex('registrations').where({ pending: true }).orderBy('created_at').limit(mostPending);
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      key: row.key,
      hosts: [...new Set([row.login_url, row.jwks_url, ...row.redirect_uris].map((address: string) => new URL(address).host))],
      scopes: row.scopes,
      release: { name: row.release_name, email: row.release_email },
      choosing: row.deep_linking_url !== null,
      registeredAt: row.created_at.toISOString(),
    }));
  }

  /**
   * Takes the tool into use.
   *
   * @param approval what the tool may have, of what it asked for
   * @throws Problem 404 if it does not wait, 409 if it did not ask for what is approved
   */
  async approve(id: string, { scopes, release }: Approval): Promise<void> {
    const row = await this.#knex('registrations').where({ id, pending: true }).forUpdate().first();
    if (row === undefined) throw notFound();
    const more = scopes.some((scope) => !row.scopes.includes(scope));
    if (more || (release.name && !row.release_name) || (release.email && !row.release_email)) {
      throw conflict('lti/not-asked-for', 'The tool did not ask for this. Approve what it asked for, or less.');
    }
    await this.#knex('registrations').where({ id }).update({
      scopes,
      release_name: release.name,
      release_email: release.email,
      pending: false,
      active: true,
      updated_at: this.#knex.fn.now(),
    });
  }

  /** @throws Problem 404 if it does not wait */
  async refuse(id: string): Promise<void> {
    if ((await this.#knex('registrations').where({ id, pending: true }).delete()) === 0) throw notFound();
  }

  async #freeKey(name: string): Promise<string> {
    const words = name
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 60)
      .replace(/-+$/, '');
    const key = words === '' ? 'tool' : words;
    const taken = await this.#knex('registrations').where({ key }).first('id');
    return taken === undefined ? key : `${key}-${randomBytes(4).toString('hex')}`;
  }
}
