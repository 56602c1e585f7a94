import { notFound, Problem, systemPrincipal } from '@ilearn/core';
import type { Knex } from 'knex';
import { mostApps } from '../apps/app.js';
import type { ApprovedApp, Apps } from '../apps/apps.js';
import type { Dependencies } from '../dependencies.js';
import type { Usage } from '../usage/usage.js';
import type { Deliveries } from '../webhooks/deliveries.js';
import type { AppOfSchool, GrantOfApp } from './grant.js';

interface Row {
  app_id: string;
  school_id: string;
  scopes: string[];
  created_at: Date;
}

/** What schools let apps do. A token reaches only schools that granted all of its scopes, and the grant is read at each request. */
export class Grants {
  readonly #knex: Knex;
  readonly #apps: Apps;
  readonly #usage: Usage;
  readonly #directory: Dependencies['directory'];
  readonly #actAs: Dependencies['actAs'];

  constructor({ knex, apps, usage, directory, actAs }: Dependencies & { apps: Apps; usage: Usage }) {
    this.#knex = knex;
    this.#apps = apps;
    this.#usage = usage;
    this.#directory = directory;
    this.#actAs = actAs;
  }

  /** The schools that switched an app on, the latest first. Partners see the names of these schools only. */
  async ofApp(appId: string, limit: number): Promise<GrantOfApp[]> {
    const rows: Row[] = await this.#knex('grants')
      .where({ app_id: appId })
      .orderBy([{ column: 'created_at', order: 'desc' }, 'school_id'])
      .limit(limit);
    const ids = rows.map(({ school_id }) => school_id);
    // A partner acts for no school, so it sees none.
    const schools = await this.#actAs(systemPrincipal(ids), ({ directory }: Dependencies) => directory.schools.getMany(ids));
    const byId = new Map(schools.map((school) => [school.id, school]));
    return rows.flatMap(({ school_id, scopes, created_at }) => {
      const school = byId.get(school_id);
      return school === undefined ? [] : [{ school, scopes, since: created_at }];
    });
  }

  /**
   * Apps that a school can switch on, and those that it switched on.
   *
   * @throws Problem 404 for a school for which the caller does not act
   */
  async ofSchool(school: string): Promise<{ apps: AppOfSchool[]; more: boolean }> {
    await this.#actsFor(school);
    const approved = await this.#apps.approved(mostApps + 1);
    const shown = approved.slice(0, mostApps);
    const granted: Row[] = await this.#knex('grants').where({ school_id: school }).limit(mostApps);
    const known = new Set(shown.map(({ id }) => id));
    const others = await this.#apps.named(granted.map(({ app_id }) => app_id).filter((id) => !known.has(id)));
    const apps = [...shown, ...others];
    const providers = await this.#namesOf(apps);
    const calls = await this.#usage.totals(school);
    const byApp = new Map(granted.map((row) => [row.app_id, row]));
    return {
      apps: apps.map(({ id, providerId, ...app }) => ({
        ...app,
        id,
        provider: providers.get(providerId) ?? '',
        granted: byApp.get(id)?.scopes ?? [],
        since: byApp.get(id)?.created_at ?? null,
        calls: calls.get(id) ?? 0,
        active: known.has(id),
      })),
      more: approved.length > mostApps,
    };
  }

  /**
   * Lets an app do these things for a school, and nothing else.
   *
   * @throws Problem 404 for an unknown or unapproved app, or a school for which the caller does not act; 422 for a scope that the portal did
   * not approve
   */
  async set(school: string, appId: string, scopes: readonly string[]): Promise<void> {
    await this.#actsFor(school);
    const app = await this.#apps.lockApproved(appId);
    if (app === undefined) throw notFound();
    const beyond = scopes.filter((scope) => !app.scopes.includes(scope));
    if (beyond.length > 0) {
      throw new Problem({
        type: 'api/scope-not-approved',
        status: 422,
        title: 'Scope not approved',
        detail: `The portal did not approve ${beyond.join(', ')} for this app.`,
      });
    }
    await this.#knex('grants')
      .insert({ app_id: appId, school_id: school, provider_id: app.providerId, scopes })
      .onConflict(['app_id', 'school_id'])
      .merge({ scopes, updated_at: this.#knex.fn.now() });
    await this.#tell(appId, school);
  }

  /** Switches an app off for a school. Its tokens no longer reach the school, from the next request on. */
  async remove(school: string, appId: string): Promise<void> {
    await this.#actsFor(school);
    await this.#tell(appId, school);
    if ((await this.#knex('grants').where({ app_id: appId, school_id: school }).delete()) === 0) throw notFound();
  }

  /** Tells the app that what a school granted changed: the app asks for a new token to learn what. */
  #tell(appId: string, school: string): Promise<void> {
    return this.#actAs(systemPrincipal(), ({ deliveries }: { deliveries: Deliveries }) => deliveries.grantChanged(appId, school));
  }

  async #actsFor(school: string): Promise<void> {
    if ((await this.#directory.schools.get(school)) === null) throw notFound();
  }

  async #namesOf(apps: readonly ApprovedApp[]): Promise<Map<string, string>> {
    const ids = [...new Set(apps.map(({ providerId }) => providerId))];
    const found = await this.#actAs(systemPrincipal(), ({ directory }: Dependencies) => directory.providers.getMany(ids));
    return new Map(found.map(({ id, name }) => [id, name]));
  }
}
