import type { ActivitySummary } from '../../exports.js';

/** As the API answers one activity. */
export interface ActivityDetail extends ActivitySummary {
  keywords: string[];
  origin: 'own' | 'tool' | 'import';
  school: string | null;
  mayChange: boolean;
}
