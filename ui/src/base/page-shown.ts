import { Store } from './store.js';

/** Whether the first page has been shown. What stands around it, in bar and foot, waits for that, so that the page comes first. */
export const pageShown = new Store(false);
