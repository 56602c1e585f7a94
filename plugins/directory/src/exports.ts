/** What other plugins may use of the directory (`requires: { directory: '^0.1.0' }`). */

import type { AgeBand } from '@ilearn/core';

export type PersonKind = 'pupil' | 'staff';

export interface PersonSummary {
  id: string;
  givenName: string;
  familyName: string;
  kind: PersonKind;
  /** Schools that the person belongs to, as far as the principal may see them; none for people of a provider. */
  schools: string[];
}

export interface ClassSummary {
  id: string;
  school: string;
  name: string;
  /** School year as written in Flanders: `2026-2027`. */
  schoolYear: string;
  /** `class` (klas), or `group`: a set of pupils that a teacher chose. */
  kind: 'class' | 'group';
  pupils: number;
}

export interface SchoolSummary {
  id: string;
  /** Six digits. */
  instellingsnummer: string;
  name: string;
}

export interface NewPerson {
  givenName: string;
  familyName: string;
  kind: PersonKind;
  /** At least one. `tenant`: id of a school or provider, or null for a role in the whole portal. */
  roles: { tenant: string | null; role: string }[];
  /** Not stored for pupils. */
  email?: string | undefined;
}

/** `directory.people` */
export interface People {
  get(id: string): Promise<PersonSummary | null>;
  /** In the order of `ids`; people whom the caller may not see are left out. */
  getMany(ids: readonly string[]): Promise<PersonSummary[]>;
  /** The e-mail address, for callers that may release it to a tool (LTI). */
  emailOf(id: string): Promise<string | null>;
  /** The only person with this e-mail address; null if there is none, or several. Requires the system principal. */
  byEmail(address: string): Promise<PersonSummary | null>;
  /**
   * The age band of a pupil, from the year of their class of this school year: years 1–4 are `6-9`, 5–8 `10-13`, later ones `14+`. Null for
   * others, and if the school's files do not say the year. Of pupils whom the caller may see.
   */
  ageBandOf(id: string): Promise<AgeBand | null>;
  /** Id of the person with this sourcedId in the school's files. `school`: id of the school. */
  bySourcedId(school: string, sourcedId: string): Promise<string | null>;
  /** Like `bySourcedId` for many, in one query: ids of people by sourcedId. */
  bySourcedIds(school: string, sourcedIds: readonly string[]): Promise<Map<string, string>>;
  /** Adds a person who is not in a file, with their roles; returns the id. Requires the system principal. */
  create(person: NewPerson): Promise<string>;
  /**
   * Mends the e-mail address of a person who was added by `create`. Requires the system principal.
   *
   * @throws Problem 404 for a pupil or somebody who is not there; 409 `directory/person-from-file` for somebody in the files of a school
   */
  correctEmail(id: string, email: string): Promise<void>;
  /**
   * Lets a person who was added by `create` hold a role in exactly these schools, beside their other roles: `schools` are ids. Requires the
   * system principal.
   */
  holdIn(personId: string, role: string, schools: readonly string[]): Promise<void>;
  /** Whether the requester of this unit of work may give this role to people of a school and take it from them. */
  mayGrant(school: string, role: string): Promise<boolean>;
  /**
   * Whether the requester of this unit of work may give and take every role that the person holds, in whatever school; false for a person
   * without roles.
   */
  mayManage(id: string): Promise<boolean>;
  /** Removes a person who was added by `create`, with all their roles; does nothing if they do not exist. Requires the system principal. */
  remove(id: string): Promise<void>;
  /** The same for many people, in few statements. */
  removeMany(ids: readonly string[]): Promise<void>;
}

export interface PeopleQuery {
  /** Words that the name must all contain, in any order. */
  search: string;
  school?: string | undefined;
  kind?: PersonKind | undefined;
  /** Include people who have left and are still kept. */
  left?: boolean;
  /** From 1. */
  page: number;
  size: number;
}

export interface PeoplePage {
  people: PersonSummary[];
  total: number;
}

/** `directory.peopleSearch` */
export interface PeopleFinding {
  /** Sorted by family name. */
  find(query: PeopleQuery): Promise<PeoplePage>;
}

/** `directory.classes` */
export interface Classes {
  get(id: string): Promise<ClassSummary | null>;
  /** Like `get` for several classes, in one query. Classes that the caller may not see are left out; the order is arbitrary. */
  getMany(ids: readonly string[]): Promise<ClassSummary[]>;
  /**
   * Whether the current principal may see this class or group. For content that is only for its members and staff, such as a photo or a
   * board. Staff see every class of the schools where they work; pupils see their own classes; tools and services see those of their
   * tenants; anonymous visitors see none.
   */
  canSee(classId: string): Promise<boolean>;
  /** Classes and groups of this school year in which the person teaches or learns, optionally only one of these. */
  ofPerson(personId: string, role?: 'pupil' | 'teacher'): Promise<ClassSummary[]>;
  /** Classes of this school year and the caller's own groups, of a school or of all schools where the caller works. */
  ofSchool(school?: string): Promise<ClassSummary[]>;
  /** The class's pupils, sorted by family name. */
  pupilsOf(classId: string): Promise<PersonSummary[]>;
  /** Like `pupilsOf` for several classes, in one query; in the order of `classIds`. */
  pupilsOfMany(classIds: readonly string[]): Promise<PersonSummary[][]>;
  teachersOf(classId: string): Promise<PersonSummary[]>;
  /**
   * Adds a person of the class's school, who was added by `people.create`, as its teacher or pupil, until they are removed. Requires the
   * system principal.
   *
   * @throws Problem 404 for a group, an unknown class or a person of another school
   */
  addMember(classId: string, personId: string, role: 'pupil' | 'teacher'): Promise<void>;
}

/** `directory.groups` */
export interface Groups {
  /**
   * Makes a group of pupils; returns its id. The current principal, a teacher, becomes its owner.
   *
   * @param school id of the school
   * @throws Problem 422 `directory/not-your-pupil` if the principal teaches one of the pupils in no class of this school year
   */
  create(school: string, group: { name: string; pupils: string[] }): Promise<string>;
}

/** A school group (scholengroep, schoolbestuur). */
export interface SchoolGroupSummary {
  id: string;
  name: string;
}

/** `directory.schools` */
export interface Schools {
  get(id: string): Promise<SchoolSummary | null>;
  list(): Promise<SchoolSummary[]>;
  /** Those of these schools that the caller may see, in no order. */
  getMany(ids: readonly string[]): Promise<SchoolSummary[]>;
  /** Also by a number that the school had before, and by that of a school that was merged into it. */
  byInstellingsnummer(instellingsnummer: string): Promise<SchoolSummary | null>;
  /** Like `byInstellingsnummer` for several numbers, in two queries: schools by the number that was asked for. */
  byInstellingsnummers(instellingsnummers: readonly string[]): Promise<Map<string, SchoolSummary>>;
  /** Numbers by which a school is known: the one that it has first. None for a school that the caller may not see. */
  numbersOf(id: string): Promise<string[]>;
  /** School groups by name, at most 5,000. Their names are public. */
  groups(): Promise<SchoolGroupSummary[]>;
  /** Ids of the groups of these schools, as far as the caller may see the schools. */
  groupsOf(schools: readonly string[]): Promise<string[]>;
  /** Ids of all schools of a school group. */
  ofGroup(group: string): Promise<string[]>;
  /** The group of each of these schools that has one, by id of the school, as far as the caller may see the schools. */
  groupBySchool(schools: readonly string[]): Promise<Map<string, SchoolGroupSummary>>;
  /**
   * Adds a school that has no files yet; returns the id. Its first files find it by its instellingsnummer. Requires the system principal.
   *
   * @param group id of a school group, or null
   * @param awaitsAgreement files and feeds with its people are refused until {@link agreed}, if a plugin fills `directory.agreements`
   * @throws Problem 409 `directory/school-known` if a school has the number
   */
  create(school: { instellingsnummer: string; name: string; group: string | null; awaitsAgreement?: boolean }): Promise<string>;
  /** Those of these schools of the caller that still have to accept the processing agreement. */
  awaitingAgreement(schools: readonly string[]): Promise<string[]>;
  /** A school of the caller accepted the processing agreement. */
  agreed(school: string): Promise<void>;
  /** Adds a school group; returns the id. Requires the system principal. */
  createGroup(name: string): Promise<string>;
  /** Which personal data the school releases to tools; `false` by default. */
  releases(id: string): Promise<{ name: boolean; email: boolean }>;
}

/** A training provider or a tool provider: a tenant of that kind. */
export interface ProviderSummary {
  id: string;
  kind: 'training-provider' | 'tool-provider';
  name: string;
}

export interface ProviderPerson {
  id: string;
  givenName: string;
  familyName: string;
  /** Roles at this provider: `planner`, `trainer`, `coach`, `tool-manager`, `first-line-helper`. */
  roles: string[];
}

/** `directory.providers`. People see the providers for which they work; portal administrators see all. */
export interface Providers {
  get(id: string): Promise<ProviderSummary | null>;
  /** Those of these providers that the caller may see, in no order. */
  getMany(ids: readonly string[]): Promise<ProviderSummary[]>;
  /** Those that the caller may see, by name; 100 unless `limit` says otherwise. */
  list(options?: { limit?: number }): Promise<ProviderSummary[]>;
  /** Providers for which the person works, as far as the caller may see them. */
  ofPerson(personId: string): Promise<ProviderSummary[]>;
  /** Sorted by family name. */
  peopleOf(id: string): Promise<ProviderPerson[]>;
  /** Whether the caller may add and remove people of this provider. */
  mayManage(id: string): Promise<boolean>;
  /**
   * Adds a provider, without people; returns the id. `email`: a general address, or null. Requires the system principal or a portal
   * administrator.
   */
  create(provider: { kind: ProviderSummary['kind']; name: string; email: string | null }): Promise<string>;
}

/** A row of a file of the OneRoster 1.2 CSV binding: texts by column. Several ids are separated by commas. */
export type RosterRow = Readonly<Record<string, string>>;

/** Everything that another system has of one school. Rows with the status `tobedeleted` are left out: what is absent, is gone. */
export interface RosterFeed {
  /** sourcedId of the school in the other system. */
  school: string;
  /** `orgs`: departments of the school. Columns as in the OneRoster 1.2 CSV binding, without `status` and `dateLastModified`. */
  rows: {
    academicSessions: readonly RosterRow[];
    orgs: readonly RosterRow[];
    users: readonly RosterRow[];
    roles: readonly RosterRow[];
    classes: readonly RosterRow[];
    enrollments: readonly RosterRow[];
  };
  /**
   * sourcedIds of what is there, but could not be read: it stays as it is stored. `unknown`: some had no readable id, so that nothing of that
   * kind is taken for gone.
   */
  unreadable: Record<'users' | 'classes' | 'enrollments', { ids: readonly string[]; unknown: boolean }>;
}

/** A removal that needs confirmation. */
export interface RosterRemoval {
  kind: 'people' | 'roles' | 'classes' | 'enrolments' | 'places' | 'sites' | 'sessions';
  /** Name of the class for `places` (enrolments in one class); otherwise null. */
  class: string | null;
  count: number;
  /** Of so many. */
  total: number;
}

export interface RosterFeedOptions {
  /** Only report what would change. */
  dryRun: boolean;
  /** Roles in the portal that the feed may give and take; rows with others are left out. */
  roles: readonly string[];
  /** Confirmed removals. Of each kind no more than this is removed; otherwise nothing is written. */
  allowed: readonly RosterRemoval[];
  /** Nothing is written if the school was imported after this moment: what was shown is not what would happen. */
  unlessImportedSince?: Date | null;
}

export interface RosterFeedReport {
  /** False after a dry run, and if `removals` has one that is not allowed. */
  written: boolean;
  changes: { [table: string]: { added: number; changed: number; removed: number; unchanged: number } };
  /** More than half of the records of a kind, or all of them, would be removed. */
  removals: RosterRemoval[];
  /** Rows that were left out because of a fault, at most 1,000; what is stored of them stays. */
  leftOut: { file: string; sourcedId: string; column: string | null; code: string }[];
  leftOutCount: number;
}

/** `directory.oneroster` */
export interface OneRosterImport {
  /** Imports a folder or zip of OneRoster 1.2 CSV files, like the command `ilearn import oneroster`. Throws an error with all faults. */
  importFrom(
    path: string,
    options?: { dryRun?: boolean },
  ): Promise<{ [table: string]: { added: number; changed: number; removed: number; unchanged: number } }>;
  /**
   * Makes a school as another system has it, in the current unit of work. Rows with a fault are left out, and do not stop the others. Requires
   * the system principal; `school` is an id.
   *
   * @throws Problem 404 for an unknown school, 409 `directory/import-at-work` if another import is at work (not in a dry run)
   * @throws RosterError if the feed has a fault that concerns no row, such as too many rows
   */
  takeFeed(school: string, feed: RosterFeed, options: RosterFeedOptions): Promise<RosterFeedReport>;
}

/** The turn of a school from one school year to the next. */
export interface RolloverSummary {
  /** Id of the school. */
  school: string;
  /** `2026-2027`. */
  from: string;
  to: string;
  /** False before it is applied, and after it was undone. */
  applied: boolean;
  /** Whether the school wants what was given to a class to go along with it. */
  paths: boolean;
  /** Ids of classes whose pupils all go to one class of the next year, with the id of that class; none unless it is applied. */
  classes: { from: string; to: string }[];
}

/** `directory.rollovers` */
export interface Rollovers {
  /** Null for an unknown id. */
  get(id: string): Promise<RolloverSummary | null>;
}

/** As injected: `constructor({ directory }: { directory: DirectoryExports })`. */
export interface DirectoryExports {
  people: People;
  peopleSearch: PeopleFinding;
  classes: Classes;
  groups: Groups;
  schools: Schools;
  providers: Providers;
  oneroster: OneRosterImport;
  rollovers: Rollovers;
}

/** The `context` of other plugins' elements in the slots of the directory's pages. */
export interface DirectorySlots {
  /** For a button beside the name of a class or group. */
  class: ClassSlotContext;
  /** For a section with an `<h2>` above the pupils of a class or group. */
  'class-content': ClassSlotContext;
  /** For a word or two beside each pupil in the list of a class or group. Load what you show for the whole class at once. */
  'class-pupil': ClassPupilSlotContext;
  /** For a line of the list of what is to be done for a school, on its page and after an import. Hide it if there is nothing to do. */
  'school-task': SchoolSlotContext;
  /** For a button beside the name of a person. */
  person: PersonSlotContext;
  /** For a section with an `<h2>` on the page of a person. */
  'person-content': PersonSlotContext;
  /** For a section with an `<h2>` below the people of a provider. */
  'provider-content': ProviderSlotContext;
}

/** The provider of the page. */
export interface ProviderSlotContext {
  id: string;
  kind: 'training-provider' | 'tool-provider';
  name: string;
}

/** The class or group of the page, with the id of its school. */
export interface ClassSlotContext {
  id: string;
  school: string;
  name: string;
}

/** One pupil in the list of a class or group. */
export interface ClassPupilSlotContext {
  classId: string;
  personId: string;
}

/** The person of the page. */
export interface PersonSlotContext {
  id: string;
  kind: PersonKind;
  /** Id of a school to which the person belongs and which the reader may see; null: none, such as people of a provider. */
  school: string | null;
  givenName: string;
}

/** The school of the page, or one of those in the imported file. */
export interface SchoolSlotContext {
  id: string;
}
