import { handlerFor } from '@ilearn/core';
import type { Cradle } from '../cradle.js';
import type { Dependencies } from '../dependencies.js';

/** Makers of paths who are told of one licence; a school has fewer with one tool. */
const mostTold = 500;
/** Titles and classes that a notification names. */
const mostNamed = 3;

/** Kinds differ by how soon a licence ends: an unread warning of last month must not swallow the one of today. */
const kinds = { 30: 'licence-ends-in-month', 7: 'licence-ends-in-week', 1: 'licence-ends-tomorrow' } as const;

/** Contributions to `notifications.kinds`. */
export const endingKinds = Object.entries(kinds).map(([days, name]) => ({
  name,
  messages: new URL('../../messages/', import.meta.url),
  text: `notifications.ending${days}`,
  place: '/paden/vervangen',
  audience: 'path:write',
}));

interface Hit {
  person: string;
  titles: string[];
  class_ids: string[];
  pupils: number;
}

interface Ending {
  school: string;
  tools: string[];
  names: string;
  day: string;
  days: keyof typeof kinds;
}

/**
 * `licences.ending`: tells whoever made or gave a path with one of the tools which paths and classes it concerns, and how many pupils. It
 * leads to the page where activities are replaced.
 */
export const warnOfEnd = handlerFor<Cradle>()('licences.ending', ({ payload, services }) => tellOfEnd(services, payload));

async function tellOfEnd(
  { knex, directory, notifications }: Dependencies,
  { school, tools, names, day, days }: Ending,
): Promise<void> {
  if (notifications === undefined) return;
  const { rows } = await knex.raw<{ rows: Hit[] }>(
    `with hit as materialized (
       select distinct p.id, p.title, p.owner_id, p.school_id from paths p
       join steps s on s.path_id = p.id and s.removed_at is null
       join library.activity_states a on a.id = s.activity_id
       where p.deleted_at is null and (p.school_id = ?::uuid or p.school_id is null) and a.source = any(?::text[])),
     running as (
       select x.id, x.path_id, x.class_id, x.whole_class, x.assigned_by from assignments x
       where x.school_id = ?::uuid and x.ended_at is null and x.path_id in (select id from hit)),
     told as (
       select id as path_id, owner_id as person from hit where school_id is not null and owner_id is not null
       union select path_id, assigned_by from running where assigned_by is not null),
     given as (
       select x.path_id, x.class_id, m.person_id from running x
       left join directory.class_members m on m.class_id = x.class_id and m.role = 'pupil'
         and (x.whole_class or exists (
           select from assignment_pupils chosen where chosen.assignment_id = x.id and chosen.pupil_id = m.person_id)))
     select t.person, array_agg(distinct h.title) as titles,
       array_remove(array_agg(distinct g.class_id), null) as class_ids, count(distinct g.person_id)::int as pupils
     from told t
     -- Not those who left the school.
     join directory.people_summaries o on o.id = t.person and o.active and ?::uuid = any(o.school_ids)
     join hit h on h.id = t.path_id left join given g on g.path_id = t.path_id
     group by t.person order by t.person limit ${mostTold}`,
    [school, tools.flatMap((tool) => [`tool:${tool}`, `choice:${tool}`]), school, school] as unknown as string[],
  );
  const classes = await directory.classes.getMany([...new Set(rows.flatMap(({ class_ids }) => class_ids))]);
  const classNames = new Map(classes.map(({ id, name }) => [id, name]));
  for (const { person, titles, class_ids, pupils } of rows) {
    await notifications.notify.send({
      kind: `myway.${kinds[days]}`,
      to: [person],
      place: '/paden/vervangen',
      params: {
        tool: names.slice(0, 100),
        day: written(day),
        paths: listed(titles),
        classes: listed(class_ids.flatMap((id) => classNames.get(id) ?? [])),
        pupils: String(pupils),
      },
    });
  }
}

/** The first names, and how many more there are; a dash for none. */
function listed(all: readonly string[]): string {
  const sorted = [...all].sort((a, b) => a.localeCompare(b, 'nl', { numeric: true }));
  const named = sorted.slice(0, mostNamed).map((each) => each.slice(0, 60));
  const more = sorted.length - named.length;
  return sorted.length === 0 ? '–' : `${named.join(', ')}${more > 0 ? ` (+${more})` : ''}`;
}

/** A day as people write it in the three languages: `31/8/2027`. */
const written = (day: string): string => day.split('-').reverse().map(Number).join('/');
