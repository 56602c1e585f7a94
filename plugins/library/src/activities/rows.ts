import type { ToolLicence } from '@ilearn/plugin-licences';
import { learningAreaOf, type PlacedConcept } from '../curriculum/learning-area.js';
import type { Dependencies } from '../dependencies.js';
import type { ActivityKind, ActivityLicence, ActivitySummary } from '../exports.js';
import { licencesOf } from './licences.js';
import { chosenPrefix, isTool, offerFor, usableSql } from './offered.js';

export interface ActivityRow {
  id: string;
  /** The requested id: the row's own, or that of an activity that it replaced. */
  shown_as: string;
  school_id: string | null;
  source: string;
  kind: ActivityKind;
  title: string;
  description: string;
  language: string;
  provider: string;
  minutes: number | null;
  age_from: number | null;
  age_to: number | null;
  difficulty: number | null;
  teacher_only: boolean;
  /** Whether the activity is in the library and, if it belongs to a tool, the tool can be used in the reader's schools. */
  available: boolean;
  keywords: string[];
  /** Whether colleagues of its maker find it. */
  listed: boolean;
  link_broken: boolean;
  /** In the newest version of their scheme, by label. */
  concepts: PlacedConcept[];
}

export const activityColumns = [
  'id',
  'school_id',
  'source',
  'kind',
  'title',
  'description',
  'language',
  'provider',
  'minutes',
  'age_from',
  'age_to',
  'difficulty',
  'teacher_only',
  'available',
  'keywords',
  'listed',
];

/**
 * SQL: the id of a row of `activities old`, or of the activity that replaced it. `case` and not `coalesce`, before which PostgreSQL evaluates
 * the policies of the joined table, so that it would read all of it instead of the index.
 */
export const currentIdSql = 'case when old.superseded_by is null then old.id else old.superseded_by end';

/**
 * SQL: the concepts of a row of `activities a`. The lateral join finds each by index: in a plain join, the view sorts every concept of every
 * scheme.
 */
const conceptsSql = `(select coalesce(json_agg(json_build_object('uri', c.uri, 'label', c.label,
    'ancestors', array(select ancestor from concept_ancestors where uri = c.uri order by ancestor)) order by c.label, c.uri), '[]')
  from activity_concepts l cross join lateral (select uri, label from newest_concepts where uri = l.concept_uri limit 1) as c
  where l.activity_id = a.id)`;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const isUuid = (text: string): boolean => uuid.test(text);

/**
 * Rows in the order of the ids, without missing or invisible ones. For a replaced activity, returns its replacement under the requested id.
 */
export async function activityRows(
  { knex, contributions, principal }: Pick<Dependencies, 'knex' | 'contributions' | 'principal'>,
  ids: readonly string[],
): Promise<ActivityRow[]> {
  const asked = ids.filter(isUuid);
  if (asked.length === 0) return [];
  const usable = usableSql(offerFor({ contributions, principal }));
  const rows = await knex('activities as old')
    .join('activities as a', 'a.id', knex.raw(currentIdSql))
    .whereRaw('old.id = any(?::uuid[])', [asked])
    .select<(ActivityRow & { asked: string; usable: boolean })[]>(
      { asked: 'old.id' },
      ...activityColumns.map((column) => `a.${column}`),
      knex.raw(`exists (select 1 from link_checks k where k.activity_id = a.id and k.state = 'broken') as link_broken`),
      knex.raw(`${usable.sql} as usable`, usable.bindings as string[]),
      knex.raw(`${conceptsSql} as concepts`),
    );
  const byId = new Map(
    rows.map(({ asked: id, usable: canBeUsed, ...row }) => [id, { ...row, shown_as: id, available: row.available && canBeUsed }]),
  );
  return asked.flatMap((id) => byId.get(id.toLowerCase()) ?? []);
}

/** What other plugins and pages see of rows, with the learning area that their concepts give, and the licences of the reader's schools. */
export async function summaries(
  services: Pick<Dependencies, 'licences'>,
  rows: readonly ActivityRow[],
): Promise<ActivitySummary[]> {
  const licences = rows.some(({ source }) => isTool(source) || source.startsWith(chosenPrefix))
    ? await licencesOf(services)
    : new Map<string, never>();
  return rows.map((row) => summaryOf(row, licences.get(row.source)));
}

const shownLicence = ({ allowed, reason, day, endsSoon, refusesPupils }: ToolLicence): ActivityLicence => ({
  ...{ allowed, reason, day, endsSoon, refusesPupils },
});

function summaryOf(row: ActivityRow, licence: ToolLicence | undefined): ActivitySummary {
  const { allowed = true } = licence ?? {};
  return {
    id: row.shown_as,
    kind: row.kind,
    title: row.title,
    description: row.description,
    language: row.language,
    provider: row.provider,
    minutes: row.minutes,
    ageFrom: row.age_from,
    ageTo: row.age_to,
    difficulty: row.difficulty,
    teacherOnly: row.teacher_only,
    available: row.available && allowed,
    licence: licence === undefined ? null : shownLicence(licence),
    linkBroken: row.link_broken,
    area: learningAreaOf(row.concepts),
    concepts: row.concepts.map(({ uri, label }) => ({ uri, label })),
  };
}
