import { notFound } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import { conflicting } from '../problems.js';
import { maximumSteps } from './limits.js';
import { type Conflict, type Mergeable, mergePaths } from './merge-path.js';
import type { NewStep, PathContent, PathDetail, PathRow, SavedPath } from './model.js';
import type { PathService } from './service.js';
import type { PathShapes } from './shapes.js';
import { plainStep, type StepToSave } from './steps.js';
import type { Block } from './structure.js';
import type { VersionContent } from './version-model.js';
import type { PathVersions } from './versions.js';

type SentStep = PathContent['steps'][number];
type Keyed = SentStep & { key: string };

/** Changes of paths by those who may edit them. Each is kept as a version. */
export class PathEditing {
  private readonly knex;
  private readonly live;
  private readonly pathService;
  private readonly pathShapes;
  private readonly versions;

  constructor({
    knex,
    live,
    pathService,
    pathShapes,
    versions,
  }: Dependencies & { pathService: PathService; pathShapes: PathShapes; versions: PathVersions }) {
    this.knex = knex;
    this.live = live;
    this.pathService = pathService;
    this.pathShapes = pathShapes;
    this.versions = versions;
  }

  /**
   * Replaces title, description, order, blocks and all steps. Steps with the same id and activity keep their results. If somebody saved
   * another version meanwhile, both changes are merged.
   *
   * @throws 409 if both changed the same thing differently; nothing is stored
   */
  async replace(id: string, content: PathContent): Promise<SavedPath> {
    const row = await this.pathService.lockedRow(id);
    const toSave = row.version === content.version ? content : await this.merge(row, content);
    const idOf = await this.store(row, toSave);
    const added = content.steps.flatMap(({ ref }) => {
      const stepId = ref === undefined ? undefined : idOf.get(ref);
      return ref === undefined || stepId === undefined ? [] : [{ ref, id: stepId }];
    });
    return { ...(await this.pathService.get(id)), merged: toSave !== content, added };
  }

  /** Adds a step at the end. Needs no version, because it does not conflict with other changes. */
  async append(id: string, step: NewStep): Promise<PathDetail> {
    const row = await this.pathService.lockedRow(id);
    const { steps: kept } = await this.pathShapes.of(row);
    if (kept.length >= maximumSteps) throw conflicting('path-full', `A path has at most ${maximumSteps} steps.`);
    await this.store(row, { ...row, steps: [...kept, { ...plainStep(step.activityId), ...step }] }, () => '/activityId');
    return this.pathService.get(id);
  }

  /**
   * Brings an earlier version back, as the newest.
   *
   * @param version the version to bring back
   * @param current the newest version that the caller knows
   * @throws 404 if the version is not kept, 409 if there is a newer one than `current`
   */
  async bringBack(id: string, version: number, current: number): Promise<PathDetail> {
    const row = await this.pathService.lockedRow(id);
    const content = await this.versions.content(id, version);
    if (content === null) throw notFound();
    if (row.version !== current) throw changedMeanwhile(row.version, []);
    await this.store(row, content);
    return this.pathService.get(id);
  }

  private async store(
    row: PathRow,
    content: Pick<PathRow, 'title' | 'description' | 'sequence' | 'blocks'> & { steps: readonly StepToSave[] },
    pointerTo?: (position: number) => string,
  ): Promise<ReadonlyMap<string, string>> {
    await this.versions.keepCurrent(row);
    const { title, description, sequence } = content;
    const claimed = await this.knex('paths')
      .where({ id: row.id, version: row.version })
      .update({ title, description, sequence, version: this.knex.raw('version + 1'), updated_at: this.knex.fn.now() });
    if (claimed === 0) throw changedMeanwhile(row.version + 1, []);
    const idOf = await this.pathService.storeSteps(row, content.steps, content, pointerTo);
    await this.versions.record(row.id);
    await this.live.publish('path', { pathId: row.id }, { kind: 'content' });
    return idOf;
  }

  private async merge(row: PathRow, mine: PathContent): Promise<PathContent> {
    const base = mine.version < row.version ? await this.versions.content(row.id, mine.version) : null;
    await this.versions.keepCurrent(row);
    const theirs = await this.versions.content(row.id, row.version);
    if (base === null || theirs === null) throw changedMeanwhile(row.version, []);
    const { merged, conflicts } = mergePaths(keyed(base), keyed(theirs), {
      ...mine,
      steps: mine.steps.map((step): Keyed => inOneOrder({ ...step, key: step.id ?? step.ref ?? '' })),
    });
    if (conflicts.length > 0) throw changedMeanwhile(row.version, conflicts);
    return { ...merged, version: row.version };
  }
}

const keyed = ({ steps, ...content }: VersionContent): Mergeable<Keyed, Block> => ({
  ...content,
  steps: steps.map(({ shownTitle: _, ...step }) => inOneOrder({ ...step, key: step.id })),
});

/** The members of a step in one order, so that equal steps are equal as JSON. */
const inOneOrder = ({ id, ref, key, activityId, content, title, note, required, after, block, arm }: Keyed): Keyed => ({
  ...(id === undefined ? {} : { id }),
  ...(ref === undefined ? {} : { ref }),
  key,
  ...{ activityId, content, title, note, required, after, block, arm },
});

const changedMeanwhile = (version: number, conflicts: readonly Conflict[]) =>
  conflicting('path-changed', 'The path was changed elsewhere in the meantime. Load it again; nothing of yours was stored.', {
    version,
    conflicts,
  });
