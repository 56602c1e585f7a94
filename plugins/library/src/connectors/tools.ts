import { forbidden, notFound } from '@ilearn/core';
import { isProvided } from '../activities/offered.js';
import { mostHosts, type ToolView, viewOf } from '../activities/tool-view.js';
import type { Dependencies } from '../dependencies.js';

export interface OfferedTool extends ToolView {
  activities: number;
  /** Those of the reader's schools that have switched it off. */
  switchedOff: string[];
}

/** The most tools that a list shows. A portal of fifty providers has some fifty. */
export const mostTools = 500;

/** The tools of the plugins in service, what providers sent as a table, and in which schools they are switched off. */
export class Tools {
  readonly #services: Pick<Dependencies, 'knex' | 'principal' | 'contributions'>;

  constructor({ knex, principal, contributions }: Pick<Dependencies, 'knex' | 'principal' | 'contributions'>) {
    this.#services = { knex, principal, contributions };
  }

  /** By name. */
  async list(language: string): Promise<OfferedTool[]> {
    const { knex, contributions } = this.#services;
    const rows = await knex('switched_off_tools')
      .orderBy(['tool_key', 'school_id'])
      .limit(mostTools * 10)
      .select<{ school_id: string; tool_key: string }[]>('school_id', 'tool_key');
    const tools = contributions
      .of('tools')
      .map(({ value }) => ({ ...viewOf(value, language), activities: value.activities.length }));
    return [...tools, ...(await this.#provided())]
      .map((tool) => ({
        ...tool,
        switchedOff: rows.filter(({ tool_key }) => tool_key === tool.key).map(({ school_id }) => school_id),
      }))
      .sort((a, b) => a.name.localeCompare(b.name, language))
      .slice(0, mostTools);
  }

  /**
   * Switches a tool on or off in a school. Its activities are then found there again, or no more; paths keep their steps, which cannot be
   * opened meanwhile.
   *
   * @throws 404 for an unknown tool, 403 if the caller is not the school's ICT coordinator
   */
  async switch(key: string, school: string, on: boolean): Promise<void> {
    const { knex, principal, contributions } = this.#services;
    if (!principal.roles.some(({ tenant, role }) => role === 'ict-coordinator' && tenant === school)) {
      throw forbidden('Only the ICT coordinator of a school decides which tools it uses.');
    }
    const row = { school_id: school, tool_key: key };
    if (on) {
      await knex('switched_off_tools').where(row).delete();
      return;
    }
    const known = isProvided(key)
      ? (await knex('activities').where({ source: key }).whereNull('school_id').first('id')) !== undefined
      : contributions.of('tools').some(({ value }) => value.key === key);
    if (!known) throw notFound();
    await knex('switched_off_tools').insert(row).onConflict(['school_id', 'tool_key']).ignore();
  }

  /** What providers sent, each as one tool of which nothing else is known. */
  async #provided(): Promise<Omit<OfferedTool, 'switchedOff'>[]> {
    const { knex } = this.#services;
    const rows: { source: string; provider: string; activities: number; hosts: string[] }[] = await knex('activities')
      .whereRaw(`source like 'provider:%'`)
      .where({ available: true })
      .whereNull('school_id')
      .groupBy('source')
      .orderBy('source')
      .limit(mostTools)
      .select(
        'source',
        knex.raw('max(provider) as provider'),
        knex.raw('count(*)::int as activities'),
        knex.raw(`array_agg(distinct split_part(content ->> 'url', '/', 3)) as hosts`),
      );
    return rows.map(({ source, provider, activities, hosts }) => ({
      ...{ key: source, name: provider, provider, description: '', about: null, activities },
      hosts: hosts.slice(0, mostHosts),
    }));
  }
}
