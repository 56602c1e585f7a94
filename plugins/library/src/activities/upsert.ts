import { createHash, randomUUID } from 'node:crypto';
import { forbidden, Problem, Yielder } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Concepts } from '../curriculum/concepts.js';
import type { Dependencies } from '../dependencies.js';
import type { Activities, ActivityRecord } from '../exports.js';
import { activityRecord } from './model.js';
import type { SearchIndex } from './search-index.js';
import type { SharedEntriesCache } from './shared-entries.js';

const chunk = 500;
const chunkCharacters = 4_000_000;

/** The services that storing activities needs. */
export interface UpsertServices extends Pick<Dependencies, 'knex' | 'principal'> {
  concepts: Concepts;
  searchIndex: SearchIndex;
  sharedEntries: SharedEntriesCache;
}

type Result = Awaited<ReturnType<Activities['upsert']>>;

/** A record to store, with only known concepts. */
interface Prepared extends ActivityRecord {
  hash: string;
}

interface Stored {
  id: string;
  school_id: string | null;
  source: string;
  source_id: string;
  content_hash: string;
  available: boolean;
}

/**
 * Adds or updates activities, identified by source, source id and school. Records equal to the stored ones change nothing, not even
 * `updated_at`.
 *
 * @throws Problem `library/invalid-activity` (422) that names the record and field; nothing is stored
 */
export async function upsertActivities(services: UpsertServices, records: readonly ActivityRecord[]): Promise<Result> {
  const yielder = new Yielder();
  const checked: ActivityRecord[] = [];
  for (const record of records) {
    if (yielder.due()) await yielder.yield();
    checked.push(check(record));
  }
  refuseTwice(checked);
  if (services.principal.kind !== 'system' && checked.some(({ school }) => school === null)) {
    throw forbidden('Only the portal itself may store activities of all schools.');
  }
  const known = await services.concepts.known(checked.flatMap(({ conceptUris }) => conceptUris));
  const result: Result = { ids: [], added: 0, changed: 0, unchanged: 0, unknownConcepts: [] };
  const prepared: Prepared[] = [];
  for (const record of checked) {
    // A text with pictures may take as long as many records without.
    if (yielder.due() || sizeOf(record) > 100_000) await yielder.yield();
    const conceptUris = [...new Set(record.conceptUris)].sort();
    for (const uri of conceptUris) if (!known.has(uri)) result.unknownConcepts.push({ sourceId: record.sourceId, uri });
    prepared.push(withHash({ ...record, conceptUris: conceptUris.filter((uri) => known.has(uri)) }));
  }
  for (const part of chunksOf(prepared)) await storeChunk(services, part, result);
  if (result.added + result.changed > 0 && prepared.some(({ school }) => school === null)) await services.sharedEntries.changed();
  return result;
}

const sizeOf = ({ content }: ActivityRecord): number => content.markdown?.length ?? 0;

/** Splits records into batches for one statement each, limited in records and characters. */
function chunksOf(records: readonly Prepared[]): Prepared[][] {
  const parts: Prepared[][] = [];
  let size = 0;
  for (const record of records) {
    const last = parts.at(-1);
    size += sizeOf(record);
    if (last !== undefined && last.length < chunk && size <= chunkCharacters) last.push(record);
    else {
      parts.push([record]);
      size = sizeOf(record);
    }
  }
  return parts;
}

function check(record: ActivityRecord): ActivityRecord {
  const parsed = activityRecord.safeParse(record);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  throw invalid(`Activity "${record.sourceId}" of "${record.source}": ${faults}.`);
}

const invalid = (detail: string): Problem =>
  new Problem({ type: 'library/invalid-activity', status: 422, title: 'An activity cannot be stored', detail });

const identity = (school: string | null, source: string, sourceId: string): string => JSON.stringify([school, source, sourceId]);

function refuseTwice(records: ActivityRecord[]): void {
  const seen = new Set<string>();
  for (const { school, source, sourceId } of records) {
    const key = identity(school, source, sourceId);
    if (seen.has(key)) throw invalid(`Activity "${sourceId}" of "${source}" is in the list twice.`);
    seen.add(key);
  }
}

function withHash(record: ActivityRecord): Prepared {
  const { source: _source, sourceId: _sourceId, school: _school, available: _available, ...said } = record;
  return { ...record, hash: createHash('sha256').update(canonical(said)).digest('hex') };
}

/** JSON with sorted keys, so that the order of members does not matter. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}

async function storeChunk({ knex, searchIndex }: UpsertServices, records: Prepared[], result: Result): Promise<void> {
  const stored = await storedOf(knex, records);
  const changed: { id: string; record: Prepared }[] = [];
  for (const record of records) {
    const before = stored.get(identity(record.school, record.source, record.sourceId));
    const same = before?.content_hash === record.hash && before.available === record.available;
    if (before === undefined) result.added += 1;
    else if (same) result.unchanged += 1;
    else result.changed += 1;
    if (!same) changed.push({ id: before?.id ?? randomUUID(), record });
  }
  for (const row of await writeRows(knex, changed)) stored.set(identity(row.school_id, row.source, row.source_id), row);
  const ids = records.map((record) => (stored.get(identity(record.school, record.source, record.sourceId)) as Stored).id);
  const changedRecords = new Set(changed.map(({ record }) => record));
  const touched = records.flatMap((record, n) => (changedRecords.has(record) ? [{ id: ids[n] as string, record }] : []));
  await linkConcepts(knex, touched);
  await searchIndex.update(touched.map(({ id }) => id));
  result.ids.push(...ids);
}

async function storedOf(knex: Knex, records: Prepared[]): Promise<Map<string, Stored>> {
  const { rows } = await knex.raw<{ rows: Stored[] }>(
    `select a.id, a.school_id, a.source, a.source_id, a.content_hash, a.available from activities a
     join jsonb_to_recordset(?::jsonb) as r(school uuid, source text, source_id text)
       on a.source = r.source and a.source_id = r.source_id and a.school_id is not distinct from r.school`,
    [JSON.stringify(records.map(({ school, source, sourceId }) => ({ school, source, source_id: sourceId })))],
  );
  return new Map(rows.map((row) => [identity(row.school_id, row.source, row.source_id), row]));
}

/** Writes rows with `on conflict`, because two processes that start at the same time may write the same records. */
async function writeRows(knex: Knex, changed: { id: string; record: Prepared }[]): Promise<Stored[]> {
  if (changed.length === 0) return [];
  const columns = `source, source_id, kind, title, description, language, provider, minutes, age_from, age_to, difficulty,
    teacher_only, available, keywords, content, content_hash`;
  const rows = changed.map(({ id, record }) => ({
    id,
    school_id: record.school,
    source: record.source,
    source_id: record.sourceId,
    kind: record.content.kind,
    title: record.title,
    description: record.description,
    language: record.language,
    provider: record.provider,
    minutes: record.minutes,
    age_from: record.ageFrom,
    age_to: record.ageTo,
    difficulty: record.difficulty,
    teacher_only: record.teacherOnly,
    available: record.available,
    keywords: record.keywords,
    content: record.content,
    content_hash: record.hash,
  }));
  const result = await knex.raw<{ rows: Stored[] }>(
    `insert into activities (id, school_id, ${columns})
     select id, school_id, ${columns} from jsonb_to_recordset(?::jsonb) as r(id uuid, school_id uuid, source text, source_id text,
       kind text, title text, description text, language text, provider text, minutes int, age_from int, age_to int,
       difficulty int, teacher_only boolean, available boolean, keywords text[], content jsonb, content_hash text)
     on conflict (school_id, source, source_id) do update set (${columns}, updated_at) =
       (select ${columns
         .split(',')
         .map((column) => `excluded.${column.trim()}`)
         .join(', ')}, now())
     returning id, school_id, source, source_id, content_hash, available`,
    [JSON.stringify(rows)],
  );
  return result.rows;
}

async function linkConcepts(knex: Knex, touched: { id: string; record: Prepared }[]): Promise<void> {
  await knex('activity_concepts')
    .whereRaw('activity_id = any(?::uuid[])', [touched.map(({ id }) => id)])
    .delete();
  await knex.raw(
    `insert into activity_concepts (activity_id, school_id, concept_uri)
     select r.id, r.school, c.uri from jsonb_to_recordset(?::jsonb) as r(id uuid, school uuid, uris text[]), unnest(r.uris) as c(uri)`,
    [JSON.stringify(touched.map(({ id, record }) => ({ id, school: record.school, uris: record.conceptUris })))],
  );
}
