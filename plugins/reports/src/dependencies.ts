import type { KernelCradle, MayUse } from '@ilearn/core';
import type {} from '@ilearn/plugin-lti';

/** Of `lti` only which tools a school can use. */
export interface Dependencies extends KernelCradle, MayUse<'lti'> {}
