import { createHash } from 'node:crypto';
import type { Dependencies } from '../dependencies.js';
import type { PathRow } from '../paths/model.js';
import type { PathService } from '../paths/service.js';
import type { PathShapes } from '../paths/shapes.js';
import type { VersionContent } from '../paths/version-model.js';
import { mostVersions } from '../paths/version-model.js';
import { differences, type PathVersions } from '../paths/versions.js';
import type { Publication } from './model.js';

/** `source` of the shared copy of a path; its `source_id` is the id of the path. */
const source = 'publication';

interface Change {
  version: number;
  content: VersionContent;
  saved_at: Date;
  note: string;
  published_by: string;
}

/** Publishes paths: a teacher asks for it, and a job writes the shared copy, which no teacher may write. */
export class Publishing {
  private readonly knex;
  private readonly directory;
  private readonly pathService;
  private readonly pathShapes;
  private readonly versions;

  constructor({
    knex,
    directory,
    pathService,
    pathShapes,
    versions,
  }: Dependencies & { pathService: PathService; pathShapes: PathShapes; versions: PathVersions }) {
    this.knex = knex;
    this.directory = directory;
    this.pathService = pathService;
    this.pathShapes = pathShapes;
    this.versions = versions;
  }

  /** Publishes the path as it is when the job runs, within a minute. @throws 404 or 403 unless the caller owns it */
  async ask(pathId: string, note: string): Promise<void> {
    await this.pathService.checkOwn(pathId);
    const { row } = await this.pathService.shape(pathId);
    const schools = await this.directory.schools.list();
    const school = schools.find(({ id }) => id === row.school_id)?.name ?? '';
    await this.request(pathId, { note, school });
  }

  /** Takes the shared copy back: it leaves the lists, and who has it keeps it. @throws 404 or 403 unless the caller owns the path */
  async askToEnd(pathId: string): Promise<void> {
    await this.pathService.checkOwn(pathId);
    await this.request(pathId, null);
  }

  /** Keeps what the owner asks for until the job carries it out; the last request counts. */
  private async request(pathId: string, publication: { note: string; school: string } | null): Promise<void> {
    await this.knex('paths')
      .where({ id: pathId })
      .update({
        publish_asked_at: this.knex.fn.now(),
        publish_note: publication?.note ?? '',
        publish_school: publication?.school ?? null,
      });
  }

  /** Publishes, or takes back, up to so many paths whose owners asked for it. As the system. */
  async carryOut(limit: number): Promise<void> {
    const asked: { id: string; publish_note: string; publish_school: string | null }[] = await this.knex('paths')
      .whereNotNull('publish_asked_at')
      .orderBy('publish_asked_at')
      .limit(limit)
      .forUpdate()
      .skipLocked()
      .select('id', 'publish_note', 'publish_school');
    for (const { id, publish_note: note, publish_school: school } of asked) {
      if (school === null) await this.end(id);
      else await this.publish({ pathId: id, note, school });
    }
    await this.knex('paths')
      .whereIn(
        'id',
        asked.map(({ id }) => id),
      )
      .update({ publish_asked_at: null });
  }

  /** Writes the shared copy, as the system. Steps keep their ids, so that results in other schools stay. */
  private async publish({ pathId, note, school }: { pathId: string; note: string; school: string }): Promise<void> {
    const original: PathRow | undefined = await this.knex('paths').where({ id: pathId }).whereNull('deleted_at').first();
    if (original === undefined) return;
    const { steps } = await this.pathShapes.of(original);
    const { title, description, language, sequence, audience } = original;
    const content = { title, description, language, sequence, audience, deleted_at: null, updated_at: this.knex.fn.now() };
    const [target] = await this.knex('paths')
      .insert({ ...content, source, source_id: pathId })
      .onConflict(['source', 'source_id'])
      .merge({ ...content, version: this.knex.raw('paths.version + 1') })
      .returning('*');
    const shared = steps.map(({ id, ...step }) => ({ ...step, ref: id, newId: sharedId(id) }));
    await this.pathService.storeSteps(target, shared, original);
    await this.versions.record(target.id, { note, published_by: school });
  }

  private async end(pathId: string): Promise<void> {
    await this.knex('paths')
      .where({ source, source_id: pathId })
      .update({ deleted_at: this.knex.fn.now(), updated_at: this.knex.fn.now() });
  }

  /** The publication of a path that the caller may read, or that is one itself. */
  async of(id: string): Promise<Publication> {
    const { row } = await this.pathService.shape(id);
    const shared =
      row.source === source ? row : await this.knex('paths').where({ source, source_id: id }).whereNull('deleted_at').first();
    if (shared === undefined) return { pathId: null, changes: [] };
    const rows: Change[] = await this.knex('path_versions')
      .where({ path_id: shared.id })
      .orderBy('version', 'desc')
      .limit(mostVersions);
    return {
      pathId: shared.id,
      changes: rows.map((each, index) => ({
        version: each.version,
        at: each.saved_at.toISOString(),
        school: each.published_by,
        note: each.note,
        ...differences(rows[index + 1]?.content, each.content),
      })),
    };
  }
}

/** The id of a step in the shared copy, from that in the original. */
const sharedId = (stepId: string): string =>
  createHash('sha256')
    .update(`publication ${stepId}`)
    .digest('hex')
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-8$4-$5');
