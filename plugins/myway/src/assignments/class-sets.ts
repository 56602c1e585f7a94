import type { PortalElement } from '@ilearn/ui';
import { mostClassesAtOnce } from './limits.js';
import type { ClassSummary } from './model.js';

/** Several classes that get a path at once. */
export interface ClassSet {
  value: string;
  label: string;
  classIds: string[];
}

/** All classes of a year, by the number with which their names begin, and all classes. Groups are in none; sets of one class are left out. */
export function classSets(element: PortalElement, all: readonly ClassSummary[]): ClassSet[] {
  const classes = all.filter(({ kind }) => kind === 'class');
  const years = new Map<string, string[]>();
  for (const { id, name } of classes) {
    const year = /^\d{1,2}/.exec(name)?.[0];
    if (year !== undefined) years.set(year, [...(years.get(year) ?? []), id]);
  }
  const ofYears = [...years].map(([year, classIds]) => ({
    value: `year-${year}`,
    label: element.t('assign.year', { year, count: classIds.length }),
    classIds,
  }));
  const ids = classes.map(({ id }) => id);
  const whole = { value: 'all', label: element.t('assign.allClasses', { count: ids.length }), classIds: ids };
  return [...ofYears, whole].filter(({ classIds }) => classIds.length > 1 && classIds.length <= mostClassesAtOnce);
}
