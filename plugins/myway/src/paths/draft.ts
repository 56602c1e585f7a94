import type { ActivitySummary } from '@ilearn/plugin-library';
import type { PathContent, PathDetail, StepDetail } from './model.js';

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
}

export const draftOf = (path: PathDetail): Draft => ({
  version: path.version,
  title: path.title,
  description: path.description,
  sequence: path.sequence,
  steps: path.steps.map((step) => ({ ...step, key: step.id })),
});

/** The content to send. An empty title keeps the stored title. */
export const contentOf = (draft: Draft, storedTitle: string): PathContent => ({
  version: draft.version,
  title: draft.title.trim() || storedTitle,
  description: draft.description.trim(),
  sequence: draft.sequence,
  steps: draft.steps.map(({ id, activityId, title, note, required }) => ({
    ...(id === undefined ? {} : { id }),
    activityId,
    title: title?.trim() || null,
    note: note.trim(),
    required,
  })),
});

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

let lastKey = 0;

export function stepFor(activity: ActivitySummary): DraftStep {
  lastKey += 1;
  return {
    key: `new-${lastKey}`,
    id: undefined,
    activityId: activity.id,
    title: null,
    note: '',
    required: true,
    shownTitle: activity.title,
    language: activity.language,
    kind: activity.kind,
    provider: activity.provider,
    minutes: activity.minutes,
    teacherOnly: activity.teacherOnly,
    available: activity.available,
    area: activity.area,
  };
}

export function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const rest = items.filter((_, index) => index !== from);
  return [...rest.slice(0, to), items[from] as T, ...rest.slice(to)];
}
