import { translate } from './i18n.js';
import { session } from './session.js';

/**
 * How a pupil of this age calls a teacher, for texts such as "Vraag het aan je {{teacher}}.": *juf of meester*, or *leraar* (also if the age is
 * not known).
 */
export const teacherWord = (): string => translate('ui', `teacher.${session.value?.ageBand ?? '10-13'}`);
