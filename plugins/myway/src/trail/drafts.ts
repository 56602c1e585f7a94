import { ownFiles, ownStorage } from '@ilearn/ui';

/** A step of the signed-in pupil. */
export interface OwnStep {
  assignmentId: string;
  stepId: string;
}

/** As the answers of a quiz are sent: of a choice the positions of the chosen options, else what was typed; null: none. */
type Answer = number[] | string | null;

/** What a pupil filled in at a step and has not sent. It stays on the device across a reload, a lost connection and an ended session. */
export type Draft =
  | { kind: 'task'; text: string }
  | {
      kind: 'quiz';
      answers: Answer[];
      /** The questions that they answer: after a change by the teacher, they answer nothing any more. */
      questions: string;
      /** Id of the attempt once it was sent, so that sending it again counts as the same one. */
      attempt?: string | undefined;
    };

const nameOf = ({ assignmentId, stepId }: OwnStep): string => `myway.draft.${assignmentId}.${stepId}`;

const isAnswer = (value: unknown): value is Answer =>
  value === null || typeof value === 'string' || (Array.isArray(value) && value.every(Number.isInteger));

function isDraft(value: unknown): value is Draft {
  if (typeof value !== 'object' || value === null) return false;
  const draft = value as Partial<Draft> & Record<string, unknown>;
  if (draft.kind === 'task') return typeof draft.text === 'string';
  if (draft.kind !== 'quiz' || !Array.isArray(draft.answers) || !draft.answers.every(isAnswer)) return false;
  return typeof draft.questions === 'string' && (draft.attempt === undefined || typeof draft.attempt === 'string');
}

/** The draft of a step; null: there is none, or what is kept is no draft. */
export function readDraft(step: OwnStep): Draft | null {
  try {
    const kept: unknown = JSON.parse(ownStorage.read(nameOf(step)) ?? 'null');
    return isDraft(kept) ? kept : null;
  } catch {
    return null;
  }
}

/** @param draft null: forget it */
export const writeDraft = (step: OwnStep, draft: Draft | null): void =>
  ownStorage.write(nameOf(step), draft === null ? null : JSON.stringify(draft));

/** The files that a pupil chose for a step and has not sent. */
export const readFiles = (step: OwnStep): Promise<File[]> => ownFiles.read(nameOf(step));

/**
 * @param files none: forget them
 * @returns whether the device keeps them
 */
export const writeFiles = (step: OwnStep, files: readonly File[]): Promise<boolean> => ownFiles.write(nameOf(step), files);
