/** What other plugins may use of the library (`requires: { library: '^0.1.0' }`). */

export type ActivityKind = 'lti' | 'link' | 'text';

export interface ActivitySummary {
  id: string;
  kind: ActivityKind;
  title: string;
  description: string;
  language: string;
  provider: string;
  /** Estimated duration in minutes. */
  minutes: number | null;
  ageFrom: number | null;
  ageTo: number | null;
  /** 1 (easy) to 5. */
  difficulty: number | null;
  /** For teachers' eyes only: never in a pupil's path. */
  teacherOnly: boolean;
  available: boolean;
  concepts: { uri: string; label: string }[];
}

/** How an activity is opened; which of them is told by `kind`. */
export interface ActivityContent {
  kind: ActivityKind;
  /** `text`: Markdown, to be rendered with `<il-markdown>`. */
  markdown?: string;
  /** `link`: https address, opened in a new tab. */
  url?: string;
  /** `lti`: which registration of the LTI plugin, where it points and what goes along. */
  lti?: { registration: string; targetLinkUri: string; custom: Record<string, string>; scoreMaximum: number };
}

/**
 * A record to import; `source` and `sourceId` together are its identity, so a second import changes nothing. What changes when its
 * maker brings out a new version is no part of `sourceId`: paths and results point to the identity.
 */
export interface ActivityRecord {
  source: string;
  sourceId: string;
  /** The school that owns it; null: everyone's. */
  school: string | null;
  title: string;
  description: string;
  language: string;
  provider: string;
  minutes: number | null;
  ageFrom: number | null;
  ageTo: number | null;
  difficulty: number | null;
  teacherOnly: boolean;
  available: boolean;
  conceptUris: string[];
  keywords: string[];
  content: ActivityContent;
}

/** `library.activities` */
export interface Activities {
  get(id: string): Promise<ActivitySummary | null>;
  getMany(ids: readonly string[]): Promise<ActivitySummary[]>;
  /** Ready to be shown: formulas of a text are MathML (`<il-markdown>` draws them). */
  contentOf(id: string): Promise<ActivityContent | null>;
  /** Ids by the identity that an importer or tool gave them (`tool:<key>` and the activity's key), in the order asked. */
  idsBySource(source: string, sourceIds: readonly string[]): Promise<(string | null)[]>;
  /** Those of these activities whose place another took: an import that names them by version once made one for each. */
  superseded(ids: readonly string[]): Promise<{ id: string; newest: string }[]>;
  /** Adds or updates by (source, sourceId) within the record's school; concept URIs that no scheme holds are returned, not stored. */
  upsert(records: readonly ActivityRecord[]): Promise<{
    ids: string[];
    added: number;
    changed: number;
    unchanged: number;
    unknownConcepts: { sourceId: string; uri: string }[];
  }>;
}

/** `library.curriculum` */
export interface CurriculumExport {
  /**
   * Imports SKOS in Turtle, as the command `ilearn import skos` does; for the system only.
   *
   * @param options `onlyNew`: leave every scheme that is there as it is
   */
  importFrom(files: readonly string[], options?: { onlyNew?: boolean }): Promise<void>;
}

export interface LibraryExports {
  activities: Activities;
  curriculum: CurriculumExport;
}
