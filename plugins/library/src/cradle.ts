import type { KernelCradle } from '@ilearn/core';
import type { DirectoryExports } from '@ilearn/plugin-directory';
import type { ActivityService } from './activities/activity-service.js';
import type { OwnActivities } from './activities/own-activities.js';
import type { ActivitySearch } from './activities/search.js';
import type { SearchIndex } from './activities/search-index.js';
import type { ToolCatalogue } from './activities/tools.js';
import type { LibraryConfig } from './config.js';
import type { Concepts } from './curriculum/concepts.js';
import type { CurriculumImport } from './curriculum/curriculum-import.js';
import type { CurriculumStore } from './curriculum/curriculum-store.js';
import type { Facets } from './curriculum/facets.js';

export interface Cradle extends KernelCradle<LibraryConfig> {
  activities: ActivityService;
  activitySearch: ActivitySearch;
  concepts: Concepts;
  curriculum: CurriculumImport;
  curriculumStore: CurriculumStore;
  facets: Facets;
  ownActivities: OwnActivities;
  searchIndex: SearchIndex;
  toolCatalogue: ToolCatalogue;
  directory: DirectoryExports;
}
