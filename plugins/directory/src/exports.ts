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
  /** `class` (klas) or `group`, a set of pupils that a teacher made. */
  kind: 'class' | 'group';
  pupils: number;
}

export interface SchoolSummary {
  id: string;
  /** Six digits. */
  instellingsnummer: string;
  name: string;
}

/** `directory.people` */
export interface People {
  get(id: string): Promise<PersonSummary | null>;
  /** In the order asked; people who are not visible are left out. */
  getMany(ids: readonly string[]): Promise<PersonSummary[]>;
  /** E-mail address, for the few who may release it (LTI). */
  emailOf(id: string): Promise<string | null>;
}

/** `directory.classes` */
export interface Classes {
  get(id: string): Promise<ClassSummary | null>;
  /** Classes and groups of this school year where the person teaches or learns. */
  ofPerson(personId: string): Promise<ClassSummary[]>;
  /** Pupils by family name. */
  pupilsOf(classId: string): Promise<PersonSummary[]>;
  teachersOf(classId: string): Promise<PersonSummary[]>;
}

/** `directory.schools` */
export interface Schools {
  get(id: string): Promise<SchoolSummary | null>;
  list(): Promise<SchoolSummary[]>;
  /** Whether the school lets a tool have this of its pupils; `false` unless the school says otherwise. */
  releases(id: string): Promise<{ name: boolean; email: boolean }>;
}

/** `directory.oneroster` */
export interface OneRosterImport {
  /** Imports a folder or zip of OneRoster 1.2 CSV files; see the command `ilearn import oneroster`. Throws with every fault. */
  importFrom(path: string, options?: { dryRun?: boolean }): Promise<{ [table: string]: { added: number; changed: number; removed: number; unchanged: number } }>;
}

/** As injected: `constructor({ directory }: { directory: DirectoryExports })`. */
export interface DirectoryExports {
  people: People;
  classes: Classes;
  schools: Schools;
  oneroster: OneRosterImport;
}
