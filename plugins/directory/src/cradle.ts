import type { KernelCradle, PrivilegedCradle } from '@ilearn/core';
import type { ClassService } from './classes/class-service.js';
import type { GroupService } from './classes/group-service.js';
import type { Importer, OneRoster } from './oneroster/importer.js';
import type { PeopleSearch } from './people/people-search.js';
import type { PeopleService } from './people/people-service.js';
import type { SchoolAdmin } from './schools/school-admin.js';
import type { SchoolService } from './schools/school-service.js';

/** What the directory's services may ask for. */
export interface Cradle extends KernelCradle, Pick<PrivilegedCradle, 'access' | 'actAs'> {
  people: PeopleService;
  classes: ClassService;
  schools: SchoolService;
  oneroster: OneRoster;
  groups: GroupService;
  importer: Importer;
  peopleSearch: PeopleSearch;
  schoolAdmin: SchoolAdmin;
}
