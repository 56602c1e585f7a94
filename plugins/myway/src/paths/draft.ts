import type { ActivitySummary } from '@ilearn/plugin-library';
import { mergePaths } from './merge-path.js';
import type { PathContent, PathDetail, StepDetail } from './model.js';
import type { Block, StepContent } from './structure.js';

/** A step in the editor. `key` stays the same when the server assigns an id. */
export interface DraftStep extends Omit<StepDetail, 'id'> {
  key: string;
  id: string | undefined;
}

/** A path in the editor. */
export interface Draft {
  version: number;
  title: string;
  description: string;
  sequence: PathDetail['sequence'];
  steps: DraftStep[];
  /** Branches name their step by its key. */
  blocks: Block[];
}

export const draftOf = (path: PathDetail): Draft => ({
  version: path.version,
  title: path.title,
  description: path.description,
  sequence: path.sequence,
  steps: path.steps.map((step) => ({ ...step, key: step.id })),
  blocks: path.blocks,
});

/** The content to send. An empty title keeps the stored title. */
export function contentOf(draft: Draft, storedTitle: string): PathContent {
  // The server knows a step by its id, or else by the key that is sent as its `ref`.
  const nameOf = new Map(draft.steps.map(({ key, id }) => [key, id ?? key]));
  const named = (key: string): string => nameOf.get(key) ?? key;
  return {
    version: draft.version,
    title: draft.title.trim() || storedTitle,
    description: draft.description.trim(),
    sequence: draft.sequence,
    steps: draft.steps.map(({ key, id, activityId, content, title, shownTitle, note, required, after, block, arm }) => ({
      ...(id === undefined ? { ref: key } : { id }),
      activityId,
      content,
      title: title?.trim() || (content === null ? null : shownTitle),
      note: note.trim(),
      required,
      after: after.map(named),
      block,
      arm,
    })),
    blocks: draft.blocks.map((block) =>
      block.kind === 'branch' && block.step !== null ? { ...block, step: named(block.step) } : block,
    ),
  };
}

/**
 * Merges the version and the new ids of a response into the draft, keeping later edits. `sent`: the steps' keys in the order in which they
 * were sent.
 */
export function withAnswer(draft: Draft, sent: readonly string[], answer: PathDetail): Draft {
  const answered = new Map(sent.map((key, index) => [key, answer.steps[index]]));
  return {
    ...draft,
    version: answer.version,
    steps: draft.steps.map((step) => ({ ...step, id: answered.get(step.key)?.id ?? step.id })),
  };
}

/**
 * Brings what others changed into the draft: `sent` is what the server's answer was made from, `draft` may have later edits, which win.
 *
 * @param added ids of the new steps that were sent, by their key
 */
export function withTheirs(
  draft: Draft,
  sent: Draft,
  answer: PathDetail,
  added: readonly { ref: string; id: string }[] = [],
): Draft {
  const idOf = new Map(added.map(({ ref, id }) => [ref, id]));
  for (const { key, id } of sent.steps) if (id !== undefined) idOf.set(key, id);
  const keyOf = new Map([...idOf].map(([key, id]) => [id, key]));
  const known = (id: string): string => keyOf.get(id) ?? id;
  const withIds = (one: Draft): Draft => ({
    ...one,
    steps: one.steps.map((step) => ({ ...step, id: step.id ?? idOf.get(step.key) })),
  });
  const theirs = draftOf(answer);
  const named: Draft = {
    ...theirs,
    steps: theirs.steps.map((step) => ({ ...step, key: known(step.key), after: step.after.map(known) })),
    blocks: theirs.blocks.map((block) =>
      block.kind === 'branch' && block.step !== null ? { ...block, step: known(block.step) } : block,
    ),
  };
  const { merged } = mergePaths(withIds(sent), named, withIds(draft));
  return { ...merged, version: answer.version };
}

let lastKey = 0;

const nowhere = { after: [], block: null, arm: null };

export function stepFor(activity: ActivitySummary): DraftStep {
  lastKey += 1;
  return {
    key: `new-${lastKey}`,
    id: undefined,
    activityId: activity.id,
    content: null,
    title: null,
    note: '',
    required: true,
    ...nowhere,
    shownTitle: activity.title,
    language: activity.language,
    kind: activity.kind,
    provider: activity.provider,
    minutes: activity.minutes,
    teacherOnly: activity.teacherOnly,
    available: activity.available,
    noLicence: activity.licence?.allowed === false,
    notForPupils: (activity.licence?.refusesPupils ?? null) !== null,
    linkBroken: activity.linkBroken,
    area: activity.area,
  };
}

/** A new step with content of its own. `title`: until the teacher gives it another. */
export function ownStep(content: StepContent, title: string): DraftStep {
  lastKey += 1;
  return {
    key: `new-${lastKey}`,
    id: undefined,
    activityId: null,
    content,
    title,
    note: '',
    required: true,
    ...nowhere,
    shownTitle: title,
    language: null,
    kind: content.kind,
    provider: '',
    minutes: null,
    teacherOnly: false,
    available: true,
    noLicence: false,
    notForPupils: false,
    linkBroken: false,
    area: null,
  };
}

export function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const rest = items.filter((_, index) => index !== from);
  return [...rest.slice(0, to), items[from] as T, ...rest.slice(to)];
}
