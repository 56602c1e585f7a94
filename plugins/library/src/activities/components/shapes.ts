import type { ActivitySummary } from '../../exports.js';

/** One activity in the API's response. */
export interface ActivityDetail extends ActivitySummary {
  keywords: string[];
  origin: 'own' | 'tool' | 'import';
  school: string | null;
  mayChange: boolean;
}
