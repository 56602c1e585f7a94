import type { KernelCradle } from '@ilearn/core';
import type { DirectoryExports } from '@ilearn/plugin-directory';
import type { LibraryExports } from '@ilearn/plugin-library';
import type { LtiExports } from '@ilearn/plugin-lti';
import type { Assignments } from './assignments/service.js';
import type { Config } from './config.js';
import type { DwengoImport } from './dwengo/import.js';
import type { Catalogue } from './paths/catalogue.js';
import type { PathService } from './paths/service.js';
import type { PathShapes } from './paths/shapes.js';
import type { Results } from './progress/results.js';
import type { Progress } from './progress/service.js';
import type { Tries } from './progress/tries.js';
import type { Trails } from './trail/service.js';

export interface Cradle extends KernelCradle<Config> {
  directory: DirectoryExports;
  library: LibraryExports;
  lti: LtiExports;
  /** Exported. */
  paths: Catalogue;
  pathService: PathService;
  pathShapes: PathShapes;
  assignments: Assignments;
  trails: Trails;
  results: Results;
  tries: Tries;
  progress: Progress;
  dwengo: DwengoImport;
}
