import { type Principal, systemPrincipal } from '@ilearn/core';
import { z } from 'zod';
import type { Dependencies } from '../dependencies.js';
import { seated, waiting } from '../states.js';
import { publishedSql, reachOf } from './reach.js';

export const mostFoci = 20;
const mostOffered = 100;
export const mostSuggested = 6;

export const suggestion = z.object({
  id: z.uuid(),
  title: z.string(),
  providerName: z.string(),
  minutes: z.int().nullable(),
  nextAt: z.date().nullable(),
  foci: z.array(z.string()).max(20).describe('Foci of the training that you chose'),
  tools: z.array(z.string()).max(20).describe('Programs of the training that your school uses'),
});
export type Suggestion = z.output<typeof suggestion>;

/** How programs are compared: trainings name them in words, the library by keys. */
const folded = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/**
 * Trainings for one person, each with the reason: a didactic focus that they chose, or a program that their school uses: it stands in a path
 * that was given there in the last year. Who gave or followed it is not looked at.
 */
export class Suggestions {
  readonly #principal: Principal;
  readonly #services: Pick<Dependencies, 'knex' | 'actAs' | 'library' | 'myway'>;

  constructor({ principal, knex, actAs, library, myway }: Dependencies) {
    this.#principal = principal;
    this.#services = { knex, actAs, library, myway };
  }

  /** What the person chose. */
  async foci(): Promise<string[]> {
    const row = await this.#services.knex('interests').where({ person_id: this.#principal.id }).first('foci');
    return row?.foci ?? [];
  }

  /** Keeps what the person chose; an empty list forgets it. */
  async choose(foci: readonly string[]): Promise<void> {
    const { knex } = this.#services;
    const { id } = this.#principal;
    if (foci.length === 0) return void (await knex('interests').where({ person_id: id }).delete());
    const row = { person_id: id, foci: [...new Set(foci)] };
    await knex('interests').insert(row).onConflict('person_id').merge({ foci: row.foci, updated_at: knex.fn.now() });
  }

  /** Foci of trainings that the person may see, by name. */
  offered(schools: readonly string[]): Promise<string[]> {
    return this.#services.actAs(systemPrincipal(), async ({ knex, directory }: Dependencies) => {
      const reach = await reachOf(directory, schools);
      const { rows } = await knex.raw(
        `select distinct focus from trainings t, unnest(t.foci) focus where ${publishedSql} order by focus limit ?`,
        [[...reach.schools], [...reach.groups], mostOffered] as never,
      );
      return rows.map(({ focus }: { focus: string }) => focus);
    });
  }

  /** Those with the most reasons first, then those that are soonest. What the person signed up for is left out. */
  async list(schools: readonly string[]): Promise<Suggestion[]> {
    const [foci, tools] = [await this.foci(), await this.#tools(schools)];
    if (foci.length + tools.length === 0) return [];
    const { id, roles } = this.#principal;
    const held = [...new Set(roles.map(({ role }) => role))];
    return this.#services.actAs(systemPrincipal(), async ({ knex, directory }: Dependencies) => {
      const reach = await reachOf(directory, schools);
      const { rows } = await knex.raw(
        `select t.id, t.title, t.provider_name as "providerName", t.minutes, next.at as "nextAt", why.foci, why.tools
         from trainings t
         cross join lateral (select
           array(select f from unnest(t.foci) f where f = any(?::text[])) as foci,
           array(select w from unnest(t.tools) w where regexp_replace(lower(w), '[^a-z0-9]', '', 'g') = any(?::text[])) as tools) why
         cross join lateral (
           select min(e.starts_at) as at from events e where e.training_id = t.id and e.state = 'planned' and e.starts_at > now()) next
         where ${publishedSql} and (t.audience = '{}' or t.audience && ?::text[])
           and cardinality(why.foci) + cardinality(why.tools) > 0
           and not exists (
             select from enrolments x join events v on v.id = x.event_id
             where v.training_id = t.id and x.person_id = ? and x.state = any(?::text[]))
         order by cardinality(why.foci) + cardinality(why.tools) desc, next.at nulls last, t.title, t.id
         limit ?`,
        [foci, tools, [...reach.schools], [...reach.groups], held, id, [...waiting, ...seated], mostSuggested] as never,
      );
      return rows;
    });
  }

  /** Programs that the person's schools use and still can, as {@link folded} words. */
  async #tools(schools: readonly string[]): Promise<string[]> {
    const { library, myway } = this.#services;
    if (library === undefined || myway === undefined || schools.length === 0) return [];
    const given = await myway.paths.sourcesGiven(schools);
    if (given.length === 0) return [];
    const usable = new Set(await library.activities.usableToolSources());
    return ['myway', ...given.filter((source) => usable.has(source)).map((source) => folded(source.replace(/^tool:/, '')))];
  }
}
