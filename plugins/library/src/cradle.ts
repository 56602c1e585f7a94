import type { HttpCradle } from '@ilearn/core';
import type { ActivityService } from './activities/activity-service.js';
import type { Compounds } from './activities/compounds.js';
import type { OwnActivities } from './activities/own-activities.js';
import type { ActivityRefresh } from './activities/refresh.js';
import type { ActivitySearch } from './activities/search.js';
import type { SearchIndex } from './activities/search-index.js';
import type { SharedEntriesCache } from './activities/shared-entries.js';
import type { Spelling } from './activities/spelling.js';
import type { ToolCatalogue } from './activities/tools.js';
import type { CartridgeImport } from './cartridges/cartridge-import.js';
import type { CaseFrameworks } from './case/case-framework.js';
import type { ColleagueOpinions } from './colleagues/opinions.js';
import type { Selections } from './colleagues/selections.js';
import type { Tools } from './connectors/tools.js';
import type { Concepts } from './curriculum/concepts.js';
import type { CurriculumImport } from './curriculum/curriculum-import.js';
import type { CurriculumStore } from './curriculum/curriculum-store.js';
import type { Facets } from './curriculum/facets.js';
import type { Dependencies } from './dependencies.js';
import type { LinkChecks } from './links/link-checks.js';
import type { Materials } from './materials/materials.js';
import type { ProvidedActivities } from './provided/provided-activities.js';

/**
 * The services that routes, jobs and commands can resolve. Services use {@link Dependencies} instead, because importing this file would be
 * a circular import.
 */
export interface Cradle extends Dependencies, HttpCradle {
  activities: ActivityService;
  activityRefresh: ActivityRefresh;
  activitySearch: ActivitySearch;
  cartridgeImport: CartridgeImport;
  colleagueOpinions: ColleagueOpinions;
  compounds: Compounds;
  concepts: Concepts;
  caseFrameworks: CaseFrameworks;
  curriculum: CurriculumImport;
  curriculumStore: CurriculumStore;
  facets: Facets;
  linkChecks: LinkChecks;
  materials: Materials;
  ownActivities: OwnActivities;
  providedActivities: ProvidedActivities;
  searchIndex: SearchIndex;
  selections: Selections;
  sharedEntries: SharedEntriesCache;
  spelling: Spelling;
  toolCatalogue: ToolCatalogue;
  tools: Tools;
}
