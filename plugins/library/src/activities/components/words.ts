import { foreignLanguage, formatMinutes, languageName, type PortalElement } from '@ilearn/ui';
import { nothing } from 'lit';
import type { ActivitySummary } from '../../exports.js';
import type { Facet } from '../facet-values.js';

/** Translates with the library's messages. */
export type Translate = PortalElement['t'];

export function agesOf(t: Translate, { ageFrom, ageTo }: Pick<ActivitySummary, 'ageFrom' | 'ageTo'>): string {
  const from = ageFrom ?? ageTo;
  const to = ageTo ?? ageFrom;
  if (from === null || to === null) return '';
  return from === to ? t('ages.one', { age: from }) : t('ages.range', { from, to });
}

/** The line below a title: kind, provider, ages, minutes, and the language if it is not the interface's. */
export function factsOf(t: Translate, activity: ActivitySummary): string[] {
  return [
    t(`kinds.${activity.kind}`),
    activity.provider,
    agesOf(t, activity),
    formatMinutes(activity.minutes),
    foreignLanguage(activity.language) === nothing ? '' : languageName(activity.language),
  ].filter(Boolean);
}

export type LicenceBadge = 'ready' | 'endsSoon' | 'missing' | 'full' | 'otherClasses' | 'notForPupils';

/** What a result says of the licence of its tool; null: no licence is needed. */
export function licenceBadge({ licence }: Pick<ActivitySummary, 'licence'>): LicenceBadge | null {
  if (licence === null) return null;
  if (!licence.allowed) return 'missing';
  if (licence.refusesPupils !== null) return pupilBadges[licence.refusesPupils] ?? 'notForPupils';
  return licence.endsSoon ? 'endsSoon' : 'ready';
}

const pupilBadges: Record<string, LicenceBadge> = { full: 'full', 'not-chosen': 'otherClasses' };

export const facetTitle = (t: Translate, { key, label }: Facet): string => t(`facets.${key}`, { defaultValue: label ?? key });

/** Name of a facet's value. Names of concepts are in the response (`label`). */
export function valueLabel(t: Translate, facet: Pick<Facet, 'key'>, value: string, label: string | null): string {
  if (label !== null) return label;
  switch (facet.key) {
    case 'kind':
      return t(`kinds.${value}`);
    case 'language':
      return languageName(value);
    case 'age': {
      const [from, to] = value.split('-');
      return t(`ageBands.${value}`, { defaultValue: t('ages.range', { from, to }) });
    }
    case 'access':
    case 'licence':
    case 'duration':
    case 'audience':
    case 'owner':
      return t(`values.${facet.key}.${value}`);
    default:
      return value;
  }
}
