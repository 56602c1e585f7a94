import type { ClassService } from './classes/class-service.js';
import type { GroupService } from './classes/group-service.js';
import type { Dependencies } from './dependencies.js';
import type { PersonKeys } from './keys/person-keys.js';
import type { FeedImporter } from './oneroster/feed-importer.js';
import type { Importer } from './oneroster/importer.js';
import type { OneRoster } from './oneroster/one-roster.js';
import type { PeopleSearch } from './people/people-search.js';
import type { PeopleService } from './people/people-service.js';
import type { PersonPlacesReader } from './people/person-places.js';
import type { ProviderPeople } from './providers/provider-people.js';
import type { ProviderService } from './providers/provider-service.js';
import type { Rollovers } from './rollover/rollovers.js';
import type { Turning } from './rollover/turning.js';
import type { RosterService } from './roster-service/roster-service.js';
import type { SchoolAdmin } from './schools/school-admin.js';
import type { SchoolNumbers } from './schools/school-numbers.js';
import type { SchoolService } from './schools/school-service.js';
import type { SchoolStart } from './schools/start.js';
import type { Finder } from './search/finder.js';

/**
 * The services that routes and commands can resolve. Services use {@link Dependencies} instead, because importing this file would be a
 * circular import.
 */
export interface Cradle extends Dependencies {
  people: PeopleService;
  classes: ClassService;
  schools: SchoolService;
  oneroster: OneRoster;
  groups: GroupService;
  finder: Finder;
  importer: Importer;
  feedImporter: FeedImporter;
  peopleSearch: PeopleSearch;
  personPlaces: PersonPlacesReader;
  rollovers: Rollovers;
  rosterService: RosterService;
  schoolAdmin: SchoolAdmin;
  schoolNumbers: SchoolNumbers;
  schoolStart: SchoolStart;
  turning: Turning;
  personKeys: PersonKeys;
  providers: ProviderService;
  providerPeople: ProviderPeople;
}
