import type { Facets } from '../curriculum/facets.js';
import type { Dependencies } from '../dependencies.js';
import type { Activities, ActivityContent, ActivityRecord, ActivitySummary } from '../exports.js';
import type { Materials } from '../materials/materials.js';
import type { Material } from '../materials/model.js';
import { withMaterials } from '../materials/shown.js';
import { showFormulas } from '../maths/show-formulas.js';
import { alternativesTo } from './alternatives.js';
import { licencesOf, unlicensedIn, usableSources } from './licences.js';
import { storedContent } from './model.js';
import { switchedOffSources, toolKeyOf } from './offered.js';
import { activityRows, currentIdSql, isUuid, summaries } from './rows.js';
import { type UpsertServices, upsertActivities } from './upsert.js';

type Services = UpsertServices &
  Pick<Dependencies, 'contributions' | 'licences' | 'log'> & { facets: Facets; materials: Materials };

interface WithContent {
  id: string;
  school_id: string | null;
  source: string;
  language: string;
  content: unknown;
}

/** `library.activities`, for other plugins. Sees shared activities and those of the principal's schools. */
export class ActivityService implements Activities {
  readonly #services: Services;

  constructor({
    knex,
    principal,
    contributions,
    licences,
    concepts,
    facets,
    searchIndex,
    sharedEntries,
    materials,
    log,
  }: Services) {
    this.#services = { knex, principal, contributions, licences, concepts, facets, searchIndex, sharedEntries, materials, log };
  }

  async get(id: string): Promise<ActivitySummary | null> {
    return (await this.getMany([id]))[0] ?? null;
  }

  async getMany(ids: readonly string[]): Promise<ActivitySummary[]> {
    return summaries(this.#services, await activityRows(this.#services, ids));
  }

  async alternatives(id: string, limit: number): Promise<ActivitySummary[]> {
    const licences = await licencesOf(this.#services);
    const ending = [...licences].flatMap(([source, { endsSoon }]) => (endsSoon ? [source] : []));
    const ids = await alternativesTo(this.#services, id, Math.min(limit, 50), { unlicensed: unlicensedIn(licences), ending });
    const found = await summaries(this.#services, await activityRows(this.#services, ids));
    return found.filter(({ available }) => available);
  }

  usableToolSources(): Promise<string[]> {
    return usableSources(this.#services);
  }

  async sourceLicences(): ReturnType<Activities['sourceLicences']> {
    return [...(await licencesOf(this.#services))].map(([source, { allowed, endsSoon }]) => ({ source, allowed, endsSoon }));
  }

  switchedOffSources(): Promise<string[]> {
    return switchedOffSources(this.#services);
  }

  async topics(uris: readonly string[]): ReturnType<Activities['topics']> {
    if (uris.length === 0) return [];
    const labels = await this.#services.concepts.labels(uris);
    const facets = await this.#services.facets.list();
    return [...labels].map(([uri, label]) => ({
      uri,
      label,
      facet: facets.find(({ members }) => members.has(uri))?.key ?? null,
    }));
  }

  async superseded(ids: readonly string[]): Promise<{ id: string; newest: string }[]> {
    return this.#services
      .knex('activities')
      .whereRaw('id = any(?::uuid[])', [[...ids]])
      .whereNotNull('superseded_by')
      .select('id', { newest: 'superseded_by' });
  }

  async contentOf(id: string, language?: string): Promise<ActivityContent | null> {
    const row = await this.#withContent(id);
    const content = row && this.#readContent(row);
    if (row === undefined || content?.kind !== 'text') return content ?? null;
    const translated = language === undefined ? undefined : content.translations?.[language];
    return {
      kind: 'text',
      markdown: withMaterials(await showFormulas(translated ?? content.markdown ?? ''), await this.#attachedTo(row)),
      language: translated === undefined ? row.language : language,
    };
  }

  async toolOf(id: string): Promise<string | null> {
    const row = await this.#withContent(id);
    return row === undefined ? null : toolKeyOf(row.source);
  }

  /** The content as written, with the attached files of a text, for editing. */
  async writtenContentOf(id: string): Promise<(ActivityContent & { files?: Material[] }) | null> {
    const row = await this.#withContent(id);
    const content = row && this.#readContent(row);
    if (row === undefined || content?.kind !== 'text') return content ?? null;
    return { ...content, files: await this.#attachedTo(row) };
  }

  /** Only activities of a school, which teachers make, have files. */
  async #attachedTo({ id, school_id }: WithContent): Promise<Material[]> {
    return school_id === null ? [] : this.#services.materials.attachedTo(id);
  }

  /** For a replaced activity, its replacement. */
  async #withContent(id: string): Promise<WithContent | undefined> {
    if (!isUuid(id)) return undefined;
    const { knex } = this.#services;
    return knex('activities as old')
      .join('activities as a', 'a.id', knex.raw(currentIdSql))
      .where('old.id', id)
      .first('a.id', 'a.school_id', 'a.source', 'a.language', 'a.content');
  }

  /** Null if this version cannot read it: after an upgrade, a newer process may have stored another kind. */
  #readContent({ id, content }: WithContent): ActivityContent | null {
    const read = storedContent.safeParse(content);
    if (read.success) return read.data;
    this.#services.log.error({ activity: id }, 'the stored content of this activity cannot be read');
    return null;
  }

  async idsBySource(source: string, sourceIds: readonly string[]): Promise<(string | null)[]> {
    const rows = await this.#services
      .knex('activities')
      .where({ source })
      .whereRaw('source_id = any(?::text[])', [[...sourceIds]])
      .orderByRaw('school_id nulls last')
      .select<{ id: string; source_id: string }[]>('id', 'source_id');
    // Shared activities come last, so they take precedence.
    const ids = new Map(rows.map(({ id, source_id }) => [source_id, id]));
    return sourceIds.map((sourceId) => ids.get(sourceId) ?? null);
  }

  upsert(records: readonly ActivityRecord[]): ReturnType<Activities['upsert']> {
    return upsertActivities(this.#services, records);
  }
}
