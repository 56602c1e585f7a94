import type { Dependencies } from './dependencies.js';

/** The services that routes, jobs and event handlers can resolve. Services use {@link Dependencies} and name the others in their constructors. */
export interface Cradle extends Dependencies {}
