import { definePlugin } from '@ilearn/core';
import { cubeConfig } from './config.js';
import { Counter } from './counting/counter.js';
import { Marks } from './counting/marks.js';
import { onEvents } from './counting/on.js';
import { Places } from './counting/places.js';
import type { CubeExports } from './exports.js';
import { jobs } from './jobs.js';
import { CountsExport } from './publishing/counts.js';
import { Publisher } from './publishing/publisher.js';
import { settings } from './settings.js';
import { migrations, tables } from './tables.js';

export type * from './exports.js';
export { type Measure, type MeasureId, measures } from './measures.js';
export { addDays, type Grain, grains, type Period, periodOf, schoolYearOf } from './periods.js';
export { levels, regions } from './settings.js';
export { attack, type Reader } from './suppression/attack.js';
export { protect } from './suppression/protect.js';
export { type Cell, type Mark, type Relation, type Rule, rule } from './suppression/rule.js';
export { openSolver, type Program, type Solver } from './suppression/solver.js';

declare module '@ilearn/core' {
  interface PluginRegistry {
    cube: { exports: CubeExports };
  }
}

/**
 * Counts what happens in the portal, and publishes totals in which nobody can be recognised. It serves no pages: the plugin `reports` does,
 * whose database role can read what was published, and neither the counts nor who was counted.
 */
export default definePlugin({
  id: 'cube',
  version: '0.1.0',
  requires: { directory: '^0.1.0' },
  optional: { lti: '^0.1.0', myway: '^0.1.0', library: '^0.1.0', academy: '^0.1.0', helpdesk: '^0.1.0', demo: '^0.1.0' },
  config: cubeConfig,
  tables,
  migrations,
  settings,
  services: { marks: Marks, counter: Counter, places: Places, publisher: Publisher, counts: CountsExport },
  exports: {
    services: ['counts'],
    views: ['published_figures', 'published_periods', 'measure_starts', 'item_names', 'school_places'],
  },
  jobs,
  on: onEvents,
  privacy: { messages: new URL('../messages/', import.meta.url) },
});
