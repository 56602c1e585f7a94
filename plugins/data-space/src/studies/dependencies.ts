import type { PrivilegedCradle, Uses } from '@ilearn/core';
import type {} from '@ilearn/plugin-privacy';
import type { Dependencies } from '../dependencies.js';

/** What studies use of the kernel and of other plugins. */
export interface StudyDependencies extends Dependencies, Pick<PrivilegedCradle, 'actAs'>, Uses<'directory'>, Uses<'privacy'> {}
