import { z } from 'zod';
import type { PortalPurpose } from './purpose.js';

/** What an erasure did, or would do, to the rows of one table. */
export interface ErasedRows {
  plugin: string;
  table: string;
  action: 'deleted' | 'anonymised';
  rows: number;
}

/** State of the erasure of a person. */
export interface ErasureStatus {
  id: string;
  /** Null once the erasure is done. */
  personId: string | null;
  state: 'running' | 'failed' | 'done';
  requestedAt: Date;
  finishedAt: Date | null;
  /** The plugin that prevents completion, and its error; null if there is none. The erasure is retried. */
  failure: string | null;
  /** When a failed erasure is retried. */
  nextTryAt: Date | null;
  /** The report by table. It is kept, without the person's id. */
  rows: ErasedRows[];
}

/** State of an export of a person's data. */
export interface ExportStatus {
  id: string;
  state: 'waiting' | 'running' | 'ready' | 'failed';
  /** 0 to 1. */
  progress: number;
  requestedAt: Date;
  finishedAt: Date | null;
  /** When the archive is deleted; null before it is ready. */
  expiresAt: Date | null;
  /** Size of the archive in bytes; null before it is ready. */
  bytes: number | null;
}

/** Schema of an {@link ExportStatus}, for routes that answer with one. */
export const exportStatusSchema = z.object({
  id: z.uuid(),
  state: z.enum(['waiting', 'running', 'ready', 'failed']),
  progress: z.number(),
  requestedAt: z.date(),
  finishedAt: z.date().nullable(),
  expiresAt: z.date().nullable(),
  bytes: z.number().nullable(),
}) satisfies z.ZodType<ExportStatus>;

/** The archive of an export that is ready. */
export interface ExportFile {
  /** Its size. */
  bytes: number;
  /** Its parts, for a streamed answer. */
  content: AsyncIterable<Uint8Array>;
}

/** An entry of the audit log: an action that concerns a person. */
export interface AuditEntry {
  /** A number as text; later entries have higher numbers. */
  id: string;
  at: Date;
  /** `kind` of the principal that acted. */
  actorKind: string;
  /** Id of the principal that acted; null if it has none, and for a person who has since been erased. */
  actor: string | null;
  plugin: string;
  /** The route, `GET /api/directory/people/:id`, or the command, `ilearn privacy export`. */
  route: string;
  /** The summary of the route; null for a command, and for a route of a plugin that is out of service. */
  summary: string | null;
  /** What was done, in the language asked for, without its subject: "Viewed the class board". */
  doing: string;
}

/** Selects entries of the audit log, newest first. */
export interface AuditQuery {
  since?: Date | undefined;
  until?: Date | undefined;
  /** Id of an entry: returns only older entries. For the next page. */
  before?: string | undefined;
  limit?: number;
  /** Of `doing`: `nl` (default), `en` or `fr`. */
  language?: string;
}

/** Selects requests of a period, to find out whom an incident concerns (GDPR art. 33, 34). */
export interface AffectedQuery {
  /** Id of the person who acted; left out: everybody. */
  actor?: string | null | undefined;
  /** As in {@link AuditEntry}; left out: all routes. */
  route?: string | null | undefined;
  since: Date;
  until: Date;
}

/** What was seen or changed in a period. */
export interface Affected {
  /** Ids that requests named, at most 5,000; also of other things than people. A list of people names nobody: see `routes`. */
  ids: string[];
  more: boolean;
  /** How often each route was requested, the most frequent first, at most 200. `doing` as in {@link AuditEntry}. */
  routes: { route: string; doing: string; times: number }[];
}

/** A text of somebody in which a name was found. */
export interface Mention {
  plugin: string;
  table: string;
  column: string;
  /** The primary key of the row: column → value as text. */
  key: Record<string, string>;
}

/** What was found in one table. */
export interface MentionPage {
  mentions: Mention[];
  /** For the next call; null after the last table. */
  next: number | null;
  /** Some were left out: the table has more than 500 of them, or more than 20,000 rows with the family name, also within another word. */
  more: boolean;
}

/** A table or a kind of file in the register, in words. */
export interface RegisteredData {
  /** Id of the plugin, or `kernel`. */
  plugin: string;
  table: string;
  title: string;
  /** Id of the purpose. */
  purpose: string;
  use: string;
  people: string;
  data: string;
  keep: string;
  erase: string;
  tenants: string;
  recipients: string;
}

/** The record of processing activities (GDPR art. 30), in one language. */
export interface ReadableRegister {
  title: string;
  lead: string;
  /** Headings of the columns of `rows`. */
  columns: string[];
  parts: {
    id: string;
    version: string;
    title: string;
    facts: string[];
    /** Hosts outside the portal that it calls, and kinds of other hosts, in words. */
    hosts: string[];
    rows: string[][];
    /** What the plugin says in a statement, by reader (`privacy.statement.<reader>` in its messages); without readers for whom it says nothing. */
    statement: Record<string, string>;
  }[];
  records: RegisteredData[];
  measures: { title: string; lines: string[] };
}

/** A decision of a person about their data, with who recorded it and when; kept for a year after its end. */
export interface Decision {
  since: Date;
  /** Id of the person who recorded it: the person themself, a parent or an officer. Null: the portal, or erased since. */
  recordedBy: string | null;
  /** When it ended; null while it holds. */
  withdrawnAt: Date | null;
}

/** An objection to a purpose (GDPR art. 21). */
export interface Objection extends Decision {
  purpose: string;
}

/** Why data of a person are restricted, GDPR art. 18(1)(a) to (d). */
export const restrictionGrounds = ['accuracy', 'unlawful', 'claims', 'objection'] as const;
/** Ground of a restriction (GDPR art. 18(1)(a) to (d)). */
export type RestrictionGround = (typeof restrictionGrounds)[number];

/** A restriction of everything about a person (GDPR art. 18). */
export interface Restriction extends Decision {
  ground: RestrictionGround;
}

/** Who answered a question for consent: the person, or a parent by a one-time link or on paper. */
export const consentGivers = ['self', 'parent-link', 'parent-paper'] as const;
/** One of {@link consentGivers}. */
export type ConsentGiver = (typeof consentGivers)[number];

/** A consent to a purpose (GDPR art. 7), with proof of what was agreed to. */
export interface Consent extends Decision {
  purpose: string;
  /** What it is about within the purpose, such as one study, by an id of its plugin; empty: the purpose as a whole. */
  about: string;
  /** Version of the text that was agreed to. */
  version: string;
  /** SHA-256 of that text in UTF-8, in hexadecimal. */
  textHash: string;
  givenAs: ConsentGiver;
}

/** What a person decided, the latest first; at most 100 of each. */
export interface Choices {
  objections: Objection[];
  restrictions: Restriction[];
  consents: Consent[];
}

/**
 * What people allow. Policies of the database apply it to the tables of each purpose; ask here before work that such a table would drop, or
 * before data leave the portal.
 */
export interface Objections {
  /**
   * Whether data of the person may be used for the purpose: false if they objected, or if the purpose needs a consent that they did not
   * give.
   */
  mayUse(personId: string, purpose: string): Promise<boolean>;
  /** The same for many people, in one statement: the ids of those whose data may be used, in the order given. */
  usable(personIds: readonly string[], purpose: string): Promise<string[]>;
}

/** Who may read what by the API, as the permissions of the plugins in service say. */
export interface ReadAccess {
  /** Each role that a permission names, with the kinds of tenant in which it is held; none: in the whole portal, or in any tenant. */
  roles: { role: string; kinds: string[] }[];
  /** Every GET route. */
  reads: {
    plugin: string;
    /** Title of the plugin. */
    module: string;
    /** As declared: `/api/directory/people/:id`. */
    path: string;
    /** What was done, as the audit log tells it. */
    what: string;
    /** Whether it shows data about people, so that its requests are recorded in the audit log. */
    personal: boolean;
    /** The roles that may; `public`: everybody, `signed-in`: everybody with a session. */
    who: 'public' | 'signed-in' | string[];
  }[];
}

/**
 * Privileged. Export, erasure and audit of a person across all plugins. Rows are limited to the caller's tenants; erasures, and data about
 * all tenants of a person, require a caller who acts for the whole portal. Each call is recorded in the audit log.
 */
export interface Privacy {
  /**
   * Requests a zip archive of everything about a person, with `export.json`, `export.html` and the files of plugins (GDPR art. 15 and 20);
   * it is made after the current unit of work has committed. A repeated request while it is being made returns the same export.
   *
   * @throws Problem 429 if the caller has requested too many today
   */
  export(personId: string, language?: string): Promise<ExportStatus>;
  /** The last export of the person that this caller requested; null if there is none, or it was deleted. */
  exportStatus(personId: string): Promise<ExportStatus | null>;
  /** The archive of that export; null while it is not ready. */
  exportFile(personId: string): Promise<ExportFile | null>;
  /** The tables of plugins with rows that name the person, in all tenants; for the person, or the whole portal. Not recorded if the person asks. */
  held(personId: string): Promise<{ plugin: string; table: string }[]>;
  /** What erasing the person would do to each table now, with the table's title. Hooks of plugins are not counted. */
  erasable(personId: string, language?: string): Promise<(ErasedRows & { title: string })[]>;
  /**
   * Requests the erasure of a person (GDPR art. 17), which starts after the current unit of work has committed: first sessions and roles,
   * the rest in the background.
   */
  erase(personId: string): Promise<ErasureStatus>;
  /** Null if there is no such erasure. */
  status(erasureId: string): Promise<ErasureStatus | null>;
  /** Unfinished erasures, then the latest finished ones; at most 101, so that a list of 100 can indicate that there are more. */
  erasures(): Promise<ErasureStatus[]>;
  /**
   * Looks for a person's name in what others wrote, one table a call: columns of text, of arrays of it and of JSON, and names of files, of all
   * plugins. Found are the family
   * name, and the given name near it; without case and accents, in the genitive, and as a diminutive. Only for the whole portal.
   *
   * @param from `next` of the page before; 0 at first
   */
  findMentions(name: { given: string; family: string }, from: number): Promise<MentionPage>;
  /** The texts of mentions as they are now, with the titles of their tables, in the order given; null for those that are gone. */
  readMentions(mentions: readonly Mention[], language?: string): Promise<({ text: string; title: string } | null)[]>;
  /** Replaces the name in the text as it is now. Returns false if it is gone. */
  replaceMention(mention: Mention, name: { given: string; family: string }, by: string): Promise<boolean>;
  /** Whose data were seen or changed in a period. Not recorded for each of them. */
  affected(query: AffectedQuery, language?: string): Promise<Affected>;
  /** Who saw or changed which data about the person, newest first. */
  audit(personId: string, query?: AuditQuery): Promise<AuditEntry[]>;
  /** The purposes of the kernel and the plugins in service, as the operator changed them. `language`: `nl` (default), `en` or `fr`. */
  purposes(language?: string): Promise<PortalPurpose[]>;
  /** What the person decided about their data, in force or ended. Not recorded in the audit log if the person asks. */
  choices(personId: string): Promise<Choices>;
  /**
   * Records an objection to a purpose: rows of tables with that purpose that name the person are hidden from plugins at once, and later ones
   * are not stored. Does nothing if it stands already.
   *
   * @throws Problem 409 (`no-objection`) if nobody can object to the purpose
   */
  object(personId: string, purpose: string): Promise<void>;
  /** Ends an objection: what was stored before it can be seen again. Returns false if there was none. */
  withdrawObjection(personId: string, purpose: string): Promise<boolean>;
  /**
   * Restricts everything about the person: rows about them do not change, and only they and officers see them. Does nothing if they are
   * restricted already.
   */
  restrict(personId: string, ground: RestrictionGround): Promise<void>;
  /** Ends a restriction. Returns false if there was none. */
  endRestriction(personId: string): Promise<boolean>;
  /**
   * Records a consent; one of another version replaces the one that stands. Consents about different things stand beside each other: tables
   * of the purpose hold who gave any of them.
   *
   * @throws Problem 409 (`no-consent`) if the purpose is not based on consent
   */
  giveConsent(
    personId: string,
    consent: Pick<Consent, 'purpose' | 'version' | 'textHash' | 'givenAs'> & { about?: string },
  ): Promise<void>;
  /**
   * Ends a consent. Rows of its purpose that name the person are hidden at once, unless a consent about something else stands. Returns false if
   * there was none.
   */
  withdrawConsent(personId: string, purpose: string, about?: string): Promise<boolean>;
  /** The record of processing activities. It is not about a person, so the call is not recorded in the audit log. */
  register(language?: string): Promise<ReadableRegister>;
  /** The same as an HTML page without external parts. */
  registerPage(language?: string): Promise<string>;
  /** Who may read what by the API. What a caller gets is further limited to the tenants of the role. */
  readAccess(language?: string): Promise<ReadAccess>;
}
