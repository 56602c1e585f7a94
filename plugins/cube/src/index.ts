import { definePlugin } from '@ilearn/core';
import { Counter } from './counting/counter.js';
import { Marks } from './counting/marks.js';
import { onEvents } from './counting/on.js';
import { Places } from './counting/places.js';
import { jobs } from './jobs.js';
import { Publisher } from './publishing/publisher.js';
import { settings } from './settings.js';
import { migrations, tables } from './tables.js';

export { type Measure, type MeasureId, measures } from './measures.js';
export { addDays, type Grain, grains, type Period, periodOf, schoolYearOf } from './periods.js';
export { levels, regions } from './settings.js';
export { type Rule, rule } from './suppression/rule.js';

/**
 * Counts what happens in the portal, and publishes totals in which nobody can be recognised. It serves no pages: the plugin `reports` does,
 * whose database role can read what was published, and neither the counts nor who was counted.
 */
export default definePlugin({
  id: 'cube',
  version: '0.1.0',
  requires: { directory: '^0.1.0' },
  optional: { lti: '^0.1.0', myway: '^0.1.0', library: '^0.1.0', academy: '^0.1.0', helpdesk: '^0.1.0', demo: '^0.1.0' },
  tables,
  migrations,
  settings,
  services: { marks: Marks, counter: Counter, places: Places, publisher: Publisher },
  exports: { views: ['published_figures', 'published_periods', 'measure_starts', 'item_names', 'school_places'] },
  jobs,
  on: onEvents,
  privacy: { messages: new URL('../messages/', import.meta.url) },
});
