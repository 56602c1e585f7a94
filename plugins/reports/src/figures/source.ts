import { reports } from '../client.js';
import type { FigureList, MeasureText } from './shapes.js';

type Grain = 'week' | 'month' | 'year';

export interface Asked {
  /** Or several, separated by commas. */
  measure: MeasureText['id'];
  grain: Grain;
  detail?: 'whole' | 'parts';
  from?: string;
}

/** Where a page gets its figures: of the whole portal, of a school or of a group. */
export interface Source {
  get(asked: Asked, signal: AbortSignal): Promise<FigureList>;
  /** The address of the same as CSV. */
  csv(asked: Asked): string;
}

const queryOf = (asked: Asked): string => new URLSearchParams({ ...asked }).toString();

/** @param by province or level instead of the whole */
export const publicSource = (by: 'all' | 'region' | 'level' = 'all'): Source => ({
  get: (asked, signal) => reports.get('/figures', { query: { ...asked, by }, signal }),
  csv: (asked) => `/api/reports/figures/table?${queryOf(asked)}&by=${by}`,
});

export const schoolSource = (place: string): Source => ({
  get: (asked, signal) => reports.get('/schools/:place/figures', { params: { place }, query: asked, signal }),
  csv: (asked) => `/api/reports/schools/${place}/figures/table?${queryOf(asked)}`,
});

export const groupSource = (place: string): Source => ({
  get: (asked, signal) => reports.get('/groups/:place/figures', { params: { place }, query: asked, signal }),
  csv: (asked) => `/api/reports/groups/${place}/figures/table?${queryOf(asked)}`,
});
