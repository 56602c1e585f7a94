import type { ActivityContent } from '../../exports.js';
import type { Material } from '../../materials/model.js';
import type { OwnActivityInput } from '../own-activities.js';
import type { NamedConcept } from './library-concept-picker.js';
import type { ActivityDetail } from './shapes.js';
import type { Translate } from './words.js';

/** A teacher's activity in the editor; numbers as typed. */
export interface Draft {
  /** `file`: stored as a text with files and without words. */
  kind: 'text' | 'link' | 'file';
  school: string;
  title: string;
  description: string;
  markdown: string;
  url: string;
  language: string;
  minutes: string;
  ageFrom: string;
  ageTo: string;
  difficulty: string;
  teacherOnly: boolean;
  listed: boolean;
  files: readonly Material[];
  keywords: string;
  concepts: readonly NamedConcept[];
}

export type Faults = Partial<Record<keyof Draft, string>>;

export const emptyDraft = (language: string): Draft => ({
  kind: 'text',
  school: '',
  title: '',
  description: '',
  markdown: '',
  url: '',
  language,
  minutes: '',
  ageFrom: '',
  ageTo: '',
  difficulty: '',
  teacherOnly: false,
  listed: true,
  files: [],
  keywords: '',
  concepts: [],
});

const typed = (value: number | null): string => (value === null ? '' : String(value));

/** Content as written. */
type Written = ActivityContent & { files?: Material[] | undefined };

export const draftOf = (activity: ActivityDetail, content: Written): Draft => ({
  kind: content.kind === 'link' ? 'link' : content.markdown?.trim() === '' ? 'file' : 'text',
  school: activity.school ?? '',
  title: activity.title,
  description: activity.description,
  markdown: content.markdown ?? '',
  url: content.url ?? '',
  language: activity.language,
  minutes: typed(activity.minutes),
  ageFrom: typed(activity.ageFrom),
  ageTo: typed(activity.ageTo),
  difficulty: typed(activity.difficulty),
  teacherOnly: activity.teacherOnly,
  listed: activity.listed,
  files: content.files ?? [],
  keywords: activity.keywords.join(', '),
  concepts: activity.concepts,
});

/** Adds `https://` to an address that was typed without it. */
export const completeUrl = (url: string): string => {
  const text = url.trim();
  return text === '' || /^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `https://${text}`;
};

/** What must be corrected before sending, in the user's language. The server checks again. */
export function faultsOf(t: Translate, draft: Draft, choosesSchool: boolean): Faults {
  const faults: Faults = {};
  if (draft.title.trim() === '') faults.title = t('faults.title');
  if (draft.kind === 'text' && draft.markdown.trim() === '') faults.markdown = t('faults.markdown');
  if (draft.kind === 'file' && draft.files.length === 0) faults.files = t('faults.files');
  if (draft.kind === 'link' && !isSafe(completeUrl(draft.url)))
    faults.url = t(draft.url.trim() === '' ? 'faults.urlMissing' : 'faults.url');
  if (choosesSchool && draft.school === '') faults.school = t('faults.school');
  for (const [name, min, max] of [
    ['minutes', 1, 10_000],
    ['ageFrom', 0, 120],
    ['ageTo', 0, 120],
  ] as const) {
    const text = draft[name].trim();
    const value = Number(text);
    if (text !== '' && !(Number.isInteger(value) && value >= min && value <= max))
      faults[name] = t('faults.number', { min, max });
  }
  const [from, to] = [numberOf(draft.ageFrom), numberOf(draft.ageTo)];
  if (!faults.ageTo && from !== null && to !== null && to < from) faults.ageTo = t('faults.ages');
  return faults;
}

const numberOf = (text: string): number | null => (text.trim() === '' ? null : Number(text));

const isSafe = (url: string): boolean => URL.canParse(url) && new URL(url).protocol === 'https:' && new URL(url).username === '';

/** The request body. */
export function bodyOf(draft: Draft): OwnActivityInput {
  const { kind, school, title, description, language, teacherOnly, listed } = draft;
  return {
    ...{ title: title.trim(), description: description.trim(), language, teacherOnly, listed },
    ...(kind === 'link'
      ? { kind, url: completeUrl(draft.url) }
      : { kind: 'text', markdown: kind === 'text' ? draft.markdown : '', files: draft.files.map(({ id }) => id) }),
    ...(school === '' ? {} : { school }),
    minutes: numberOf(draft.minutes),
    ageFrom: numberOf(draft.ageFrom),
    ageTo: numberOf(draft.ageTo),
    difficulty: numberOf(draft.difficulty),
    keywords: [
      ...new Set(
        draft.keywords
          .split(',')
          .map((keyword) => keyword.trim())
          .filter(Boolean),
      ),
    ],
    conceptUris: draft.concepts.map(({ uri }) => uri),
  };
}
