/** What other plugins may use of the directory (`requires: { directory: '^0.1.0' }`). */

export type PersonKind = 'pupil' | 'staff';

export interface PersonSummary {
  id: string;
  givenName: string;
  familyName: string;
  kind: PersonKind;
  /** Schools that the person belongs to and the principal may see. */
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
  /** At least one; `tenant` is a tenant's id, or null for a role in the whole portal. */
  roles: { tenant: string | null; role: string }[];
  /** Not stored for pupils. */
  email?: string | undefined;
}

/** `directory.people` */
export interface People {
  get(id: string): Promise<PersonSummary | null>;
  /** In the order asked; people who are not visible are left out. */
  getMany(ids: readonly string[]): Promise<PersonSummary[]>;
  /** E-mail address, for callers that may release it to a tool (LTI). */
  emailOf(id: string): Promise<string | null>;
  /** The person with this sourcedId in the school's files. `school` is the school's id. */
  bySourcedId(school: string, sourcedId: string): Promise<string | null>;
  /** Adds a person who is in no file, with their roles; returns the id. Only as the system. */
  create(person: NewPerson): Promise<string>;
  /** Whether the requester of this work may give this role to people of a school, and take it from them. */
  mayGrant(school: string, role: string): Promise<boolean>;
  /** Removes a person who was added by `create`, with all their roles; does nothing if there is none. Only as the system. */
  remove(id: string): Promise<void>;
}

export interface PeopleQuery {
  /** Words that must all be in the name, in any order. */
  search: string;
  school?: string | undefined;
  kind?: PersonKind | undefined;
  /** Include people who left, for as long as they are kept. */
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
  /** By family name. */
  find(query: PeopleQuery): Promise<PeoplePage>;
}

/** `directory.classes` */
export interface Classes {
  get(id: string): Promise<ClassSummary | null>;
  /**
   * Whether the current principal sees this class or group; for what is only for its members and staff, such as a photo or a board. Staff see
   * every class of a school where they work, pupils their own classes, tools and services those of their tenants, visitors none.
   */
  canSee(classId: string): Promise<boolean>;
  /** Classes and groups of this school year in which the person teaches or learns, or only one of both. */
  ofPerson(personId: string, role?: 'pupil' | 'teacher'): Promise<ClassSummary[]>;
  /** Classes of this school year and the caller's own groups, of a school or of all schools where the caller works. */
  ofSchool(school?: string): Promise<ClassSummary[]>;
  /** Pupils by family name. */
  pupilsOf(classId: string): Promise<PersonSummary[]>;
  /** The same for several classes in one query, in the order asked. */
  pupilsOfMany(classIds: readonly string[]): Promise<PersonSummary[][]>;
  teachersOf(classId: string): Promise<PersonSummary[]>;
}

/** `directory.schools` */
export interface Schools {
  get(id: string): Promise<SchoolSummary | null>;
  list(): Promise<SchoolSummary[]>;
  byInstellingsnummer(instellingsnummer: string): Promise<SchoolSummary | null>;
  /** Which data of its people the school lets tools have; `false` unless the school allows it. */
  releases(id: string): Promise<{ name: boolean; email: boolean }>;
}

/** `directory.oneroster` */
export interface OneRosterImport {
  /** Imports a folder or zip of OneRoster 1.2 CSV files; see the command `ilearn import oneroster`. Throws with every fault. */
  importFrom(
    path: string,
    options?: { dryRun?: boolean },
  ): Promise<{ [table: string]: { added: number; changed: number; removed: number; unchanged: number } }>;
}

/** As injected: `constructor({ directory }: { directory: DirectoryExports })`. */
export interface DirectoryExports {
  people: People;
  peopleSearch: PeopleFinding;
  classes: Classes;
  schools: Schools;
  oneroster: OneRosterImport;
}

/** What elements of other plugins get as `context` in the slots of the directory's pages. */
export interface DirectorySlots {
  /** Beside the name of a class or group: for a button. */
  class: ClassSlotContext;
  /** Below the pupils of a class or group: for a section with a heading `<h2>`. */
  'class-content': ClassSlotContext;
}

/** The class or group of the page, with the id of its school. */
export interface ClassSlotContext {
  id: string;
  school: string;
  name: string;
}
