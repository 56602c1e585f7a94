import { createHash } from 'node:crypto';
import type { ActivityRecord } from '@ilearn/plugin-library';
import type { Dependencies } from '../dependencies.js';
import type { PathDetail, StepDetail } from '../paths/model.js';
import type { PathService } from '../paths/service.js';
import type { StepToSave } from '../paths/steps.js';
import type { Block } from '../paths/structure.js';
import { cartridgeOf } from './cartridge.js';
import type { ActivityInFile, Loss, PathFile } from './format.js';
import { cartridgeLosses, jsonLosses } from './losses.js';
import { readPathFile } from './read-file.js';

/** Paths as files, for the teachers who may read them. */
export class PathTransfer {
  private readonly library;
  private readonly pathService;

  constructor({ library, pathService }: Dependencies & { pathService: PathService }) {
    this.library = library;
    this.pathService = pathService;
  }

  async file(id: string): Promise<PathFile> {
    return (await this.fileOf(id)).path;
  }

  async cartridge(id: string): Promise<Buffer> {
    return Buffer.from(cartridgeOf(await this.file(id)));
  }

  /** What a file of this path loses. */
  async losses(id: string, format: 'json' | 'cartridge'): Promise<Loss[]> {
    const { path, unreadable } = await this.fileOf(id);
    return [...unreadable, ...(format === 'json' ? jsonLosses(path) : cartridgeLosses(path))];
  }

  /**
   * Makes a path of a file. Activities that the library has are used; links and texts of others are added to it for the school; activities
   * in tools that the library does not have are left out, with what depends on them.
   *
   * @throws 422 if the file is no path
   */
  async imported(body: Uint8Array, school: string | undefined): Promise<{ path: PathDetail; lost: Loss[] }> {
    const file = readPathFile(body);
    const owner = this.pathService.ownerIn(school);
    const activities = file.steps.flatMap(({ activity }) => activity ?? []);
    const known = new Set((await this.library.activities.getMany(activities.map(({ id }) => id))).map(({ id }) => id));
    const missing = activities.filter(({ id }) => !known.has(id));
    const records = missing.flatMap((activity) => recordOf(activity, owner.school) ?? []);
    const { ids } = records.length === 0 ? { ids: [] } : await this.library.activities.upsert(records);
    const made = new Map(records.map(({ sourceId }, index) => [sourceId, ids[index] as string]));
    const idOf = (activity: ActivityInFile): string | undefined =>
      known.has(activity.id) ? activity.id : made.get(sourceIdOf(activity));

    const lost: Loss[] = [];
    const steps = file.steps.flatMap(({ key, activity, ...step }): StepToSave[] => {
      const activityId = activity === null ? null : idOf(activity);
      if (activityId !== undefined) return [{ ...step, ref: key, activityId }];
      lost.push({ code: activity?.kind === 'lti' ? 'tool' : 'unavailable', title: step.title ?? activity?.title ?? '' });
      return [];
    });
    // What depends on a step that is left out goes too; a name that the file never had is an error of the file.
    const kept = new Set(steps.map(({ ref }) => ref));
    const gone = new Set(file.steps.map(({ key }) => key).filter((key) => !kept.has(key)));
    const goneBlocks = file.blocks.filter((block) => block.kind === 'branch' && block.step !== null && gone.has(block.step));
    for (const block of goneBlocks) lost.push({ code: block.kind, title: block.title });
    const goneIds = new Set(goneBlocks.map(({ id }) => id));
    const blocks = file.blocks.filter(({ id }) => !goneIds.has(id)).map(onlyWithin((id) => !goneIds.has(id)));
    const cleaned = steps.map((step) => ({
      ...step,
      after: step.after.filter((name) => !gone.has(name)),
      ...(step.block !== null && goneIds.has(step.block) ? { block: null, arm: null } : {}),
    }));
    const { title, description, language, sequence } = file;
    const id = await this.pathService.insert({ title, description, language, sequence, blocks, ...owner }, cleaned);
    return { path: await this.pathService.get(id), lost };
  }

  private async fileOf(id: string): Promise<{ path: PathFile; unreadable: Loss[] }> {
    const { row, steps } = await this.pathService.shape(id);
    const unreadable: Loss[] = [];
    const written: PathFile['steps'] = [];
    for (const step of steps) {
      const activity = await this.activityOf(step);
      if (activity === null && step.content === null) {
        unreadable.push({ code: 'unavailable', title: step.shownTitle });
        continue;
      }
      const { content, title, note, required, after, block, arm } = step;
      written.push({ key: step.id, activity, content, title, note, required, after, block, arm });
    }
    const kept = new Set(written.map(({ key }) => key));
    const path: PathFile = {
      format: 'ilearn-path',
      formatVersion: 1,
      title: row.title,
      description: row.description,
      language: row.language,
      sequence: row.sequence,
      blocks: row.blocks
        .filter((block) => block.kind === 'choice' || block.step === null || kept.has(block.step))
        .map((block, _, all) => onlyWithin((id) => all.some((each) => each.id === id))(block)),
      steps: written.map((step) => ({ ...step, after: step.after.filter((key) => kept.has(key)) })),
    };
    const blockIds = new Set(path.blocks.map(({ id: block }) => block));
    path.steps = path.steps.map((step) =>
      step.block === null || blockIds.has(step.block) ? step : { ...step, block: null, arm: null },
    );
    return { path, unreadable };
  }

  private async activityOf(step: StepDetail): Promise<ActivityInFile | null> {
    if (step.activityId === null) return null;
    const content = await this.library.activities.contentOf(step.activityId);
    if (content === null) return null;
    return {
      id: step.activityId,
      kind: content.kind,
      title: step.shownTitle,
      language: step.language ?? 'nl',
      provider: step.provider,
      minutes: step.minutes,
      ...(content.url?.startsWith('https://') ? { url: content.url } : {}),
      ...(content.markdown === undefined ? {} : { markdown: content.markdown }),
      ...(content.lti === undefined ? {} : { launchUrl: content.lti.targetLinkUri }),
    };
  }
}

/** Identifies the same link or text, so that importing a file twice adds it once. */
const sourceIdOf = ({ kind, url, markdown, title }: ActivityInFile): string =>
  createHash('sha256')
    .update(JSON.stringify([kind, url, markdown, title]))
    .digest('hex');

/** The activity as one of the school's own; null for activities in tools, and links and texts without content. */
function recordOf(activity: ActivityInFile, school: string): ActivityRecord | null {
  const { kind, title, language, provider, minutes, url, markdown } = activity;
  const content =
    kind === 'link' && url !== undefined ? { kind, url } : kind === 'text' && markdown !== undefined ? { kind, markdown } : null;
  if (content === null) return null;
  return {
    source: 'path-file',
    sourceId: sourceIdOf(activity),
    school,
    title,
    description: '',
    language,
    provider,
    minutes,
    ageFrom: null,
    ageTo: null,
    difficulty: null,
    teacherOnly: false,
    available: true,
    conceptUris: [],
    keywords: [],
    content,
  };
}

/** A choice in a way of a branch that is not there comes to the line. */
const onlyWithin =
  (isThere: (id: string) => boolean) =>
  (block: Block): Block =>
    block.kind === 'choice' && block.within !== undefined && !isThere(block.within.block)
      ? { ...block, within: undefined }
      : block;
