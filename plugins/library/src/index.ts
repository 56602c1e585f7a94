import { definePlugin } from '@ilearn/core';
import { ActivityService } from './activities/activity-service.js';
import { Compounds } from './activities/compounds.js';
import { OwnActivities } from './activities/own-activities.js';
import { ActivityRefresh } from './activities/refresh.js';
import { renewIndex } from './activities/renew-index.js';
import { activityRoutes } from './activities/routes.js';
import { ActivitySearch } from './activities/search.js';
import { SearchIndex } from './activities/search-index.js';
import { SharedEntriesCache } from './activities/shared-entries.js';
import { Spelling } from './activities/spelling.js';
import { toolContribution } from './activities/tool-contribution.js';
import { ToolCatalogue } from './activities/tools.js';
import { CartridgeImport } from './cartridges/cartridge-import.js';
import { cartridgeRoutes } from './cartridges/routes.js';
import { CaseFrameworks } from './case/case-framework.js';
import { caseRoutes } from './case/routes.js';
import { ColleagueOpinions } from './colleagues/opinions.js';
import { colleagueRoutes } from './colleagues/routes.js';
import { Selections } from './colleagues/selections.js';
import { config } from './config.js';
import { checkConnector } from './connectors/check-command.js';
import { newConnector } from './connectors/new-command.js';
import { toolRoutes } from './connectors/routes.js';
import { Tools } from './connectors/tools.js';
import type { Cradle } from './cradle.js';
import { Concepts } from './curriculum/concepts.js';
import { CurriculumImport } from './curriculum/curriculum-import.js';
import { CurriculumStore } from './curriculum/curriculum-store.js';
import { Facets } from './curriculum/facets.js';
import { importSkos } from './curriculum/import-command.js';
import { curriculumRoutes } from './curriculum/routes.js';
import type { LibraryExports, LibrarySlots } from './exports.js';
import { checkLinks } from './links/job.js';
import { LinkChecks } from './links/link-checks.js';
import { notificationKinds } from './links/notification-kinds.js';
import { linkRoutes } from './links/routes.js';
import { files } from './materials/files.js';
import { removeUnusedMaterials } from './materials/job.js';
import { Materials } from './materials/materials.js';
import { materialRoutes } from './materials/routes.js';
import { migrations } from './migrations.js';
import { permissions } from './permissions.js';
import { storeProvided } from './provided/job.js';
import { ProvidedActivities } from './provided/provided-activities.js';
import { providedRoutes } from './provided/routes.js';
import { searchRoutes } from './search/routes.js';
import { searchSources } from './search/sources.js';

export type { ToolContribution } from './activities/tool-contribution.js';
export type * from './exports.js';

const curriculum = { tenant: { none: 'The curriculum is public and the same for every school.' } };

const points = { tools: toolContribution };
const pointKeys = { tools: 'key' } as const;

declare module '@ilearn/core' {
  interface PluginRegistry {
    library: { points: typeof points; permissions: keyof typeof permissions; exports: LibraryExports; slots: LibrarySlots };
  }
}

export default definePlugin({
  id: 'library',
  version: '0.1.0',
  requires: { directory: '^0.1.0' },
  optional: { licences: '^0.1.0', notifications: '^0.1.0', search: '^0.1.0' },
  config,
  permissions,
  scopes: { 'activities:read': 'scopes.activitiesRead', 'curriculum:read': 'scopes.curriculumRead' },
  tables: {
    schemes: curriculum,
    scheme_versions: curriculum,
    concepts: { ...curriculum, notPeople: { labels: 'names of a concept by language' } },
    collections: { ...curriculum, notPeople: { labels: 'names of a collection by language' } },
    collection_members: curriculum,
    concept_ancestors: curriculum,
    search_stamps: { tenant: { none: 'A number that says when what every school shares was last changed.' } },
    shared_texts: { tenant: { none: 'Words of activities that every school shares.' } },
    search_words: { tenant: { none: 'Words of activities that every school shares.' } },
    activities: {
      tenant: { column: 'school_id', nullMeansShared: true },
      notPeople: { content: 'what a tool is launched with, or a text for pupils' },
    },
    activity_concepts: { tenant: { column: 'school_id', nullMeansShared: true } },
    activity_materials: { tenant: 'school_id' },
    favourites: {
      tenant: 'school_id',
      people: { person_id: 'subject' },
      keep: 'P5Y',
      erase: 'delete',
      purpose: 'learning',
      use: 'Lets teachers find activities again.',
    },
    ratings: {
      tenant: 'school_id',
      people: { person_id: 'author' },
      keep: 'P5Y',
      erase: 'delete',
      purpose: 'learning',
      use: 'Lets teachers tell colleagues what an activity is like.',
    },
    selections: { tenant: { column: 'school_id', nullMeansShared: true } },
    selection_items: { tenant: { column: 'school_id', nullMeansShared: true } },
    provided_tables: { tenant: 'provider_id', notPeople: { activities: 'links to a tool, as its provider described them' } },
    link_checks: { tenant: { column: 'school_id', nullMeansShared: true } },
    link_hosts: { tenant: { none: 'Hosts of websites that asked not to be checked for a while.' } },
    link_reports: { tenant: 'school_id' },
    switched_off_tools: { tenant: 'school_id' },
    activity_authors: {
      tenant: 'school_id',
      people: { author_id: 'author' },
      keep: 'P5Y',
      erase: 'delete',
      purpose: 'learning',
      use: 'Lets teachers find and change the activities that they made.',
    },
  },
  files,
  migrations,
  services: {
    activities: ActivityService,
    activityRefresh: ActivityRefresh,
    activitySearch: ActivitySearch,
    cartridgeImport: CartridgeImport,
    colleagueOpinions: ColleagueOpinions,
    compounds: Compounds,
    concepts: Concepts,
    caseFrameworks: CaseFrameworks,
    curriculum: CurriculumImport,
    curriculumStore: CurriculumStore,
    facets: Facets,
    linkChecks: LinkChecks,
    materials: Materials,
    ownActivities: OwnActivities,
    providedActivities: ProvidedActivities,
    searchIndex: SearchIndex,
    selections: Selections,
    sharedEntries: SharedEntriesCache,
    spelling: Spelling,
    toolCatalogue: ToolCatalogue,
    tools: Tools,
  },
  exports: { services: ['activities', 'curriculum'], views: ['activity_states', 'activity_topics'] },
  points,
  pointKeys,
  contributes: { 'notifications.kinds': notificationKinds, 'search.sources': searchSources },
  routes: [
    ...activityRoutes,
    ...cartridgeRoutes,
    ...curriculumRoutes,
    ...caseRoutes,
    ...colleagueRoutes,
    ...linkRoutes,
    ...materialRoutes,
    ...providedRoutes,
    ...toolRoutes,
    ...searchRoutes,
  ],
  commands: [checkConnector, importSkos, newConnector],
  jobs: {
    'check-links': checkLinks,
    'remove-unused-materials': removeUnusedMaterials,
    'store-provided': storeProvided,
    'renew-index': renewIndex,
  },
  http: {
    purpose: 'checking whether linked websites still answer',
    sends: 'no data about people',
    named: 'teachers and providers of tools enter the addresses of activities',
    operator: 'a school may link to websites in its own network',
  },
  ui: {
    entry: new URL('./ui/index.js', import.meta.url),
    messages: new URL('../messages/', import.meta.url),
    pages: [
      {
        path: '/bibliotheek',
        tag: 'library-search-page',
        title: 'search.title',
        permission: 'library:read',
        nav: { icon: 'library', order: 20 },
      },
      { path: '/bibliotheek/nieuw', tag: 'library-edit-page', title: 'edit.newTitle', permission: 'library:write' },
      { path: '/bibliotheek/cartridge', tag: 'library-cartridge-page', title: 'cartridge.title', permission: 'library:write' },
      { path: '/bibliotheek/aanbod', tag: 'library-tools-page', title: 'tools.title', permission: 'library:read', help: 'tools' },
      { path: '/bibliotheek/links', tag: 'library-links-page', title: 'links.title', permission: 'library:read' },
      { path: '/bibliotheek/favorieten', tag: 'library-favourites-page', title: 'favourites.title', permission: 'library:write' },
      {
        path: '/bibliotheek/verzamelingen',
        tag: 'library-selections-page',
        title: 'selections.title',
        permission: 'library:read',
      },
      {
        path: '/bibliotheek/verzamelingen/:id',
        tag: 'library-selection-page',
        title: 'selections.one',
        permission: 'library:read',
      },
      { path: '/bibliotheek/:id', tag: 'library-activity-page', title: 'activity.title', permission: 'library:read' },
      { path: '/bibliotheek/:id/bewerken', tag: 'library-edit-page', title: 'edit.changeTitle', permission: 'library:write' },
    ],
    slots: [{ slot: 'directory.provider-content', tag: 'library-provided', permission: 'library:provide', order: 40 }],
  },
  async takeContributions({ work, log }) {
    const { unknownConcepts, firstScheme, ...counts } = await work(async ({ toolCatalogue, knex }: Cradle) => ({
      ...(await toolCatalogue.synchronise()),
      firstScheme: await knex('schemes').first('uri'),
    }));
    log.info(counts, 'tool activities are in the library');
    if (unknownConcepts.length === 0) return;
    // A portal that starts for the first time has no schemes yet; importing them links the activities.
    const level = firstScheme === undefined ? 'info' : 'warn';
    log[level](
      { count: unknownConcepts.length, first: unknownConcepts[0] },
      'tools refer to concepts that no imported scheme contains; import the scheme (ilearn import skos)',
    );
  },
});
