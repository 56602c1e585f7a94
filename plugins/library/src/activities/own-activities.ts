import { randomUUID } from 'node:crypto';
import { forbidden, notFound, Problem } from '@ilearn/core';
import type { SchoolSummary } from '@ilearn/plugin-directory';
import { z } from 'zod';
import type { Concepts } from '../curriculum/concepts.js';
import type { Dependencies } from '../dependencies.js';
import type { ActivityContent, ActivityRecord } from '../exports.js';
import { mostFiles } from '../materials/files.js';
import type { Materials } from '../materials/materials.js';
import type { ActivityService } from './activity-service.js';
import { agesInOrder, descriptionWithDefaults, markdown, webAddress } from './model.js';
import { activityRows } from './rows.js';

/** The `source` of activities that teachers create. */
export const ownSource = 'own';

const fields = {
  ...descriptionWithDefaults,
  school: z.uuid().optional().describe('Your school that owns it; may be left out when you have one school only'),
  available: z.boolean().default(true).describe('False: removed from the library; paths that contain it keep it'),
  listed: z.boolean().default(true).describe('False: only you find it in the library; people whose paths contain it can open it'),
};

/** A text, with or without files, or a link that a teacher adds for their school. */
export const ownActivity = z
  .discriminatedUnion('kind', [
    z.object({
      ...fields,
      kind: z.literal('text'),
      markdown: markdown
        .default('')
        .describe('May be empty if there are files; `![…](/api/library/materials/:id)` shows a picture'),
      files: z
        .array(z.uuid().toLowerCase())
        .max(mostFiles)
        .refine((ids) => new Set(ids).size === ids.length, 'must not contain a file twice')
        .default([])
        .describe('Ids of uploaded files, shown below the text in this order'),
    }),
    z.object({ ...fields, kind: z.literal('link'), url: webAddress }),
  ])
  .refine(agesInOrder.when, agesInOrder.error)
  .refine((given) => given.kind !== 'text' || given.markdown.trim() !== '' || given.files.length > 0, {
    path: ['markdown'],
    error: 'must not be empty, unless there are files',
  });

export type OwnActivity = z.output<typeof ownActivity>;
/** As sent in the request. */
export type OwnActivityInput = z.input<typeof ownActivity>;

interface Services extends Pick<Dependencies, 'knex' | 'principal' | 'contributions' | 'directory'> {
  activities: ActivityService;
  concepts: Concepts;
  materials: Materials;
}

interface Owned {
  id: string;
  school: string;
  sourceId: string;
}

/** Activities that teachers create for their school. Their creator and ICT coordinators of the school can change them. */
export class OwnActivities {
  readonly #services: Services;

  constructor({ knex, principal, contributions, activities, concepts, directory, materials }: Services) {
    this.#services = { knex, principal, contributions, activities, concepts, directory, materials };
  }

  /** Schools for which the person may add activities. */
  async schools(): Promise<SchoolSummary[]> {
    const { principal, directory } = this.#services;
    const schools = await directory.schools.list();
    return principal.tenants === '*' ? schools : schools.filter(({ id }) => principal.tenants.includes(id));
  }

  async add(activity: OwnActivity): Promise<string> {
    const { knex, principal } = this.#services;
    const school = await this.schoolFor(activity.school);
    const id = await this.#store(activity, school, randomUUID());
    await knex('activity_authors').insert({ activity_id: id, school_id: school.id, author_id: principal.id });
    return id;
  }

  /**
   * Adds several activities of the caller for one of their schools.
   *
   * @param records activities to add, without those that are there
   * @param wanted source ids of these and of others of the school
   * @returns the ids of the activities `wanted`, in their order
   */
  async addAll(
    schoolId: string,
    records: readonly Omit<ActivityRecord, 'source' | 'school' | 'provider'>[],
    wanted: readonly string[],
  ): Promise<string[]> {
    const { knex, principal, activities } = this.#services;
    const school = await this.schoolFor(schoolId);
    const { ids } = await activities.upsert(
      records.map((record) => ({ ...record, source: ownSource, school: school.id, provider: school.name })),
    );
    if (ids.length > 0) {
      const rows = ids.map((id) => ({ activity_id: id, school_id: school.id, author_id: principal.id }));
      await knex('activity_authors').insert(rows);
    }
    const stored: { id: string; source_id: string }[] = await knex('activities')
      .where({ source: ownSource, school_id: school.id })
      .whereRaw('source_id = any(?::text[])', [[...wanted]])
      .select('id', 'source_id');
    const byId = new Map(stored.map(({ id, source_id }) => [source_id, id]));
    return wanted.flatMap((sourceId) => byId.get(sourceId) ?? []);
  }

  /** Replaces everything except the school. @throws 404, or 403 if the caller may not change it */
  async replace(id: string, activity: OwnActivity): Promise<void> {
    const owned = await this.#owned(id);
    const school = await this.#services.directory.schools.get(owned.school);
    if (school === null) throw notFound();
    await this.#store(activity, school, owned.sourceId);
    const { knex } = this.#services;
    await knex('activity_authors').where({ activity_id: id }).update({ updated_at: knex.fn.now() });
  }

  /** Removes the activity from the library. The row is kept, so that paths keep working. */
  async withdraw(id: string): Promise<void> {
    const owned = await this.#owned(id);
    const { knex } = this.#services;
    await knex('activities').where({ id: owned.id }).update({ available: false, updated_at: knex.fn.now() });
  }

  /** Whether the person may change this activity. */
  async mayChange(id: string): Promise<boolean> {
    return (await this.#access(id)) === 'change';
  }

  async #owned(id: string): Promise<Owned> {
    const access = await this.#access(id);
    if (access === 'none') throw notFound();
    if (access === 'read') throw forbidden('Only the maker of an activity, or the ICT coordinator of the school, may change it.');
    const row = await this.#services
      .knex('activities')
      .where({ id })
      .first<{ id: string; school_id: string; source_id: string }>('id', 'school_id', 'source_id');
    return { id: row.id, school: row.school_id, sourceId: row.source_id };
  }

  async #access(id: string): Promise<'none' | 'read' | 'change'> {
    const { knex, principal } = this.#services;
    const [row] = await activityRows(this.#services, [id]);
    if (row === undefined) return 'none';
    if (row.source !== ownSource || row.school_id === null) return 'read';
    if (principal.tenants !== '*' && !principal.tenants.includes(row.school_id)) return 'read';
    if (principal.roles.some(({ tenant: school, role }) => role === 'ict-coordinator' && school === row.school_id))
      return 'change';
    const author = await knex('activity_authors').where({ activity_id: id, author_id: principal.id }).first('activity_id');
    return author === undefined ? 'read' : 'change';
  }

  /** The caller's school with this id, or the only one. @throws Problem 422 */
  async schoolFor(school: string | undefined): Promise<SchoolSummary> {
    const schools = await this.schools();
    const chosen = school === undefined && schools.length === 1 ? schools[0] : schools.find(({ id }) => id === school);
    if (chosen !== undefined) return chosen;
    throw invalid(
      '/school',
      school === undefined ? 'say for which of your schools this is' : 'is not a school for which you may add activities',
    );
  }

  async #store(activity: OwnActivity, school: SchoolSummary, sourceId: string): Promise<string> {
    const known = await this.#services.concepts.known(activity.conceptUris);
    const unknown = activity.conceptUris.findIndex((uri) => !known.has(uri));
    if (unknown !== -1) throw invalid(`/conceptUris/${unknown}`, 'is not a concept that the library knows');
    const { title, description, language, minutes, ageFrom, ageTo, difficulty, teacherOnly, available, conceptUris, keywords } =
      activity;
    const content: ActivityContent =
      activity.kind === 'text' ? { kind: 'text', markdown: activity.markdown } : { kind: 'link', url: activity.url };
    const record: ActivityRecord = {
      source: ownSource,
      sourceId,
      school: school.id,
      provider: school.name,
      ...{ title, description, language, minutes, ageFrom, ageTo, difficulty, teacherOnly, available, conceptUris, keywords },
      content,
    };
    const { knex, activities, materials } = this.#services;
    const [id] = (await activities.upsert([record])).ids as [string];
    await knex('activities').where({ id }).update({ listed: activity.listed });
    const [files, markdown] = activity.kind === 'text' ? [activity.files, activity.markdown] : [[], ''];
    await materials.use(id, school.id, files, markdown);
    return id;
  }
}

const invalid = (pointer: string, message: string): Problem =>
  new Problem({
    type: 'library/invalid-activity',
    status: 422,
    title: 'The activity cannot be stored',
    errors: [{ in: 'body', pointer, message }],
  });
