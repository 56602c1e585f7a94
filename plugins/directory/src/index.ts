import { definePlugin } from '@ilearn/core';
import { ClassService } from './classes/class-service.js';
import { GroupService } from './classes/group-service.js';
import { classRoutes } from './classes/routes.js';
import { startClassRoutes } from './classes/start-routes.js';
import { events } from './events.js';
import type { DirectoryExports, DirectorySlots } from './exports.js';
import { PersonKeys } from './keys/person-keys.js';
import { keyRoutes } from './keys/routes.js';
import { importCommand } from './oneroster/command.js';
import { FeedImporter } from './oneroster/feed-importer.js';
import { Importer } from './oneroster/importer.js';
import { OneRoster } from './oneroster/one-roster.js';
import { importRoutes } from './oneroster/routes.js';
import { PeopleSearch } from './people/people-search.js';
import { PeopleService } from './people/people-service.js';
import { PersonPlacesReader } from './people/person-places.js';
import { peopleRoutes } from './people/routes.js';
import { points } from './points.js';
import { ProviderPeople } from './providers/provider-people.js';
import { ProviderService } from './providers/provider-service.js';
import { providerRoutes } from './providers/routes.js';
import { startProviderRoutes } from './providers/start-routes.js';
import { purposes } from './purposes.js';
import { Rollovers } from './rollover/rollovers.js';
import { rolloverRoutes } from './rollover/routes.js';
import { Turning } from './rollover/turning.js';
import { RosterService } from './roster-service/roster-service.js';
import { rosterServiceRoutes } from './roster-service/routes.js';
import { releaseCommand } from './schools/command.js';
import { numberCommand } from './schools/number-command.js';
import { schoolRoutes } from './schools/routes.js';
import { SchoolAdmin } from './schools/school-admin.js';
import { SchoolNumbers } from './schools/school-numbers.js';
import { SchoolService } from './schools/school-service.js';
import { SchoolStart } from './schools/start.js';
import { startSchoolRoutes } from './schools/start-routes.js';
import { Finder } from './search/finder.js';
import { searchRoutes } from './search/routes.js';
import { searchSources } from './search/sources.js';
import { migrations, tables } from './tables.js';
import { providerRoles, registerSchools, roles, rolesIn, tenantKinds } from './tenants.js';

export { groupRemoved } from './classes/group-removed.js';
export { providerPeopleRemoved, providerPersonInvited, schoolYearRestored, schoolYearTurned } from './events.js';
export type * from './exports.js';
export { RosterError } from './oneroster/faults.js';

const staff = ['teacher', 'ict-coordinator', 'principal', 'portal-administrator'];
const managers = ['ict-coordinator', 'principal', 'portal-administrator'];
const guest = 'guest-teacher';

const permissions = {
  'class:read': [...staff, guest],
  'people:read': [...staff, guest],
  'school:read': managers,
  'school:release': ['principal', 'portal-administrator'],
  'group:write': ['teacher', guest],
  'group:remove': [...staff, guest],
  'roster:import': ['ict-coordinator', 'portal-administrator'],
  'school-year:turn': managers,
  'provider:read': [...providerRoles, 'portal-administrator'],
  'provider:write': ['portal-administrator'],
  'provider-people:write': ['planner', 'tool-manager', 'portal-administrator'],
};

declare module '@ilearn/core' {
  interface PluginRegistry {
    directory: {
      events: typeof events;
      points: typeof points;
      permissions: keyof typeof permissions;
      exports: DirectoryExports;
      slots: DirectorySlots;
    };
  }
}

export default definePlugin({
  id: 'directory',
  version: '0.1.0',
  optional: { search: '^0.1.0' },
  privileges: ['access', 'actAs', 'tenants'],
  tenantKinds,
  roles,
  permissions,
  scopes: { 'classes:read': 'scopes.classesRead', 'members:read': 'scopes.membersRead', 'roster:read': 'scopes.rosterRead' },
  mayGrant: {
    // Needed to give pupils a new password. Nothing lets a teacher add pupils.
    teacher: ['pupil'],
    'ict-coordinator': ['pupil', 'teacher', 'ict-coordinator'],
    // A group helper also works in other schools, and guests are made by the portal.
    principal: rolesIn('school').filter((role) => role !== 'group-helper' && role !== guest),
    planner: rolesIn('training-provider'),
    'tool-manager': rolesIn('tool-provider'),
    'portal-administrator': [...Object.keys(roles), 'helpdesk-agent', 'data-steward'],
  },
  purposes,
  tables,
  migrations,
  services: {
    people: PeopleService,
    classes: ClassService,
    schools: SchoolService,
    providers: ProviderService,
    oneroster: OneRoster,
    peopleSearch: PeopleSearch,
    groups: GroupService,
    rollovers: Rollovers,
    // Not exported to other plugins.
    personPlaces: PersonPlacesReader,
    finder: Finder,
    importer: Importer,
    feedImporter: FeedImporter,
    turning: Turning,
    personKeys: PersonKeys,
    schoolAdmin: SchoolAdmin,
    schoolNumbers: SchoolNumbers,
    schoolStart: SchoolStart,
    providerPeople: ProviderPeople,
    rosterService: RosterService,
  },
  exports: {
    services: ['people', 'peopleSearch', 'classes', 'groups', 'schools', 'providers', 'oneroster', 'rollovers'],
    views: ['people_summaries', 'class_members'],
  },
  events,
  points,
  contributes: { 'search.sources': searchSources },
  routes: [
    ...schoolRoutes,
    ...startSchoolRoutes,
    ...classRoutes,
    ...startClassRoutes,
    ...peopleRoutes,
    ...providerRoutes,
    ...startProviderRoutes,
    ...importRoutes,
    ...keyRoutes,
    ...rolloverRoutes,
    ...searchRoutes,
    ...rosterServiceRoutes,
  ],
  commands: [importCommand, releaseCommand, numberCommand],
  start: ({ work }) => work(registerSchools),
  ui: {
    entry: new URL('./ui/index.js', import.meta.url),
    messages: new URL('../messages/', import.meta.url),
    pages: [
      {
        path: '/klassen',
        tag: 'directory-classes',
        title: 'classes.title',
        permission: 'class:read',
        help: 'class',
        nav: { icon: 'users', order: 30 },
      },
      { path: '/personen/:id', tag: 'directory-person', title: 'person.title', permission: 'people:read' },
      { path: '/klassen/:id', tag: 'directory-class', title: 'class.title', permission: 'class:read', help: 'class' },
      {
        path: '/school',
        tag: 'directory-school',
        title: 'school.title',
        permission: 'school:read',
        help: 'class',
        nav: { icon: 'school', order: 80, section: 'school' },
      },
      {
        path: '/aanbieders',
        tag: 'directory-providers',
        title: 'providers.title',
        permission: 'provider:read',
        nav: { icon: 'building-2', order: 85, section: 'portal' },
      },
      { path: '/aanbieders/:id', tag: 'directory-provider', title: 'provider.title', permission: 'provider:read' },
      {
        path: '/school/schooljaar',
        tag: 'directory-rollover',
        title: 'rollover.title',
        permission: 'school-year:turn',
        help: 'class',
      },
      { path: '/school/importeren', tag: 'directory-import', title: 'import.title', permission: 'roster:import', help: 'class' },
    ],
    slots: [
      {
        slot: 'shell.start',
        tag: 'directory-start-classes',
        permission: 'group:write',
        order: 10,
        size: 'full',
        loads: ['/start/classes'],
      },
      { slot: 'shell.start', tag: 'directory-start-rosters', permission: 'school:read', order: 20, loads: ['/start/rosters'] },
      {
        slot: 'shell.start',
        tag: 'directory-start-providers',
        permission: 'provider:read',
        order: 20,
        loads: ['/start/providers'],
      },
    ],
  },
});
