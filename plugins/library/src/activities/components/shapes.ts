import type { ActivitySummary } from '../../exports.js';
import type { ToolView } from '../tool-view.js';

/** One activity in the API's response. */
export interface ActivityDetail extends ActivitySummary {
  keywords: string[];
  origin: 'own' | 'tool' | 'import';
  school: string | null;
  mayChange: boolean;
  listed: boolean;
  tool: ToolView | null;
}
