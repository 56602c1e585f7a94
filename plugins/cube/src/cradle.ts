import type { Counter } from './counting/counter.js';
import type { Marks } from './counting/marks.js';
import type { Places } from './counting/places.js';
import type { Dependencies } from './dependencies.js';
import type { Publisher } from './publishing/publisher.js';

/** The services that jobs and event handlers can resolve. */
export interface Cradle extends Dependencies {
  marks: Marks;
  counter: Counter;
  places: Places;
  publisher: Publisher;
}
