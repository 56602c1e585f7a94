import { notFound } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import { maximumSteps } from './limits.js';
import type { PathRow, StepRow } from './model.js';
import type { PathShapes } from './shapes.js';
import type { Block } from './structure.js';
import { mostVersions, type PathVersion, type VersionContent, type VersionDetail } from './version-model.js';

/** Saves by the same person within this time after the first are one version in the list, in milliseconds. */
const session = 10 * 60 * 1000;
/** So many single saves are kept, to merge what is saved on top of them. */
const recent = 50;

interface VersionRow {
  version: number;
  content: VersionContent;
  saved_by: string | null;
  saved_at: Date;
  session_at: Date;
}

/** Earlier versions of paths: to look at, to bring back, and to merge what two people save at the same time. */
export class PathVersions {
  private readonly knex;
  private readonly clock;
  private readonly principal;
  private readonly directory;
  private readonly pathShapes;

  constructor({ knex, clock, principal, directory, pathShapes }: Dependencies & { pathShapes: PathShapes }) {
    this.knex = knex;
    this.clock = clock;
    this.principal = principal;
    this.directory = directory;
    this.pathShapes = pathShapes;
  }

  /** Keeps the stored state of a path that was made before, or by something else than the builder. It stays a version of its own. */
  async keepCurrent(row: PathRow): Promise<void> {
    const known = await this.knex('path_versions').where({ path_id: row.id, version: row.version }).first('version');
    if (known === undefined) await this.insert(row, row.owner_id, row.updated_at, new Date(0));
  }

  /** Keeps the stored state of a path after a change by the principal, or of a published one, after publishing it. */
  async record(pathId: string, publication?: { note: string; published_by: string }): Promise<void> {
    const row: PathRow = await this.knex('paths').where({ id: pathId }).first();
    const now = this.clock.now();
    const before: VersionRow | undefined = await this.knex('path_versions')
      .where({ path_id: pathId, version: row.version - 1 })
      .first();
    const continues =
      publication === undefined &&
      before !== undefined &&
      before.saved_by === this.principal.id &&
      now.getTime() - before.session_at.getTime() < session;
    if (continues)
      await this.knex('path_versions')
        .where({ path_id: pathId, version: row.version - 1 })
        .update({ listed: false });
    await this.insert(row, this.principal.id, now, continues ? before.session_at : now, publication);
    await this.knex('path_versions')
      .where({ path_id: pathId, listed: false })
      .where('version', '<', row.version - recent)
      .delete();
    const oldest = this.knex('path_versions')
      .where({ path_id: pathId, listed: true })
      .orderBy('version', 'desc')
      .offset(mostVersions)
      .select('version');
    await this.knex('path_versions').where({ path_id: pathId, listed: true }).whereIn('version', oldest).delete();
  }

  /** The content of a version; null if it is not kept. */
  async content(pathId: string, version: number): Promise<VersionContent | null> {
    const row = await this.knex('path_versions').where({ path_id: pathId, version }).first('content');
    return row?.content ?? null;
  }

  /** The versions of a path, newest first, with who saved them and how many steps changed. */
  async list(pathId: string): Promise<PathVersion[]> {
    const rows: VersionRow[] = await this.knex('path_versions')
      .where({ path_id: pathId, listed: true })
      .orderBy('version', 'desc')
      .limit(mostVersions);
    const names = await this.namesOf(rows.flatMap(({ saved_by }) => saved_by ?? []));
    return rows.map((row, index) => ({
      version: row.version,
      savedAt: row.saved_at.toISOString(),
      by: names.get(row.saved_by ?? '') ?? null,
      mine: row.saved_by === this.principal.id,
      title: row.content.title,
      steps: row.content.steps.length,
      ...differences(rows[index + 1]?.content, row.content),
    }));
  }

  /** @throws 404 if the version is not kept */
  async detail(pathId: string, version: number): Promise<VersionDetail> {
    const content = await this.content(pathId, version);
    if (content === null) throw notFound();
    const activities = await this.pathShapes.activities(content.steps.flatMap(({ activityId }) => activityId ?? []));
    return {
      version,
      title: content.title,
      description: content.description,
      sequence: content.sequence,
      steps: content.steps.slice(0, maximumSteps).map((step) => {
        const activity = activities.get(step.activityId ?? '');
        return {
          id: step.id,
          shownTitle: step.title ?? activity?.title ?? step.shownTitle,
          kind: step.content?.kind ?? activity?.kind ?? null,
          required: step.required,
          area: activity?.area ?? null,
        };
      }),
    };
  }

  /** Names of people, by id. */
  async namesOf(ids: readonly string[]): Promise<Map<string, string>> {
    const people = await this.directory.people.getMany([...new Set(ids)]);
    return new Map(people.map(({ id, givenName, familyName }) => [id, `${givenName} ${familyName}`]));
  }

  private async insert(row: PathRow, by: string | null, at: Date, sessionAt: Date, publication = {}): Promise<void> {
    const steps: StepRow[] = await this.knex('steps')
      .where({ path_id: row.id, extra: false })
      .whereNull('removed_at')
      .orderBy('position');
    await this.knex('path_versions')
      .insert({
        path_id: row.id,
        school_id: row.school_id,
        version: row.version,
        content: JSON.stringify(contentOf(row, steps, row.blocks)),
        saved_by: by,
        saved_at: at,
        session_at: sessionAt,
        ...publication,
      })
      .onConflict(['path_id', 'version'])
      .ignore();
  }
}

const contentOf = ({ title, description, sequence }: PathRow, steps: readonly StepRow[], blocks: Block[]): VersionContent => ({
  title,
  description,
  sequence,
  steps: steps.map((step) => ({
    id: step.id,
    activityId: step.activity_id,
    content: step.content,
    title: step.title,
    note: step.note,
    required: step.required,
    after: step.after,
    block: step.block,
    arm: step.arm,
    shownTitle: step.title ?? step.activity_title,
  })),
  blocks,
});

/** How many steps were added, removed and changed since an earlier version; none are counted without one. */
export function differences(
  before: VersionContent | undefined,
  now: VersionContent,
): { added: number; removed: number; changed: number } {
  if (before === undefined) return { added: 0, removed: 0, changed: 0 };
  const old = new Map(before.steps.map((step) => [step.id, JSON.stringify(step)]));
  const ids = new Set(now.steps.map(({ id }) => id));
  return {
    added: now.steps.filter(({ id }) => !old.has(id)).length,
    removed: before.steps.filter(({ id }) => !ids.has(id)).length,
    changed: now.steps.filter((step) => old.has(step.id) && old.get(step.id) !== JSON.stringify(step)).length,
  };
}
