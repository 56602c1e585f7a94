import type { KernelCradle, MayUse } from '@ilearn/core';
import type {} from '@ilearn/plugin-lti';
import type { Figures } from './figures/figures.js';

/** Of `lti` only which tools a school can use. */
export interface Dependencies extends KernelCradle, MayUse<'lti'> {}

export interface Cradle extends Dependencies {
  figures: Figures;
}
