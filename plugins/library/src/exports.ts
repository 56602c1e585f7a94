/** What other plugins may use of the library (`requires: { library: '^0.1.0' }`). */

export type ActivityKind = 'lti' | 'link' | 'text';

export interface ActivityLicence {
  allowed: boolean;
  /** Why, or why not; in words `licences:reasons.<reason>`. */
  reason: string;
  /** Its last day, `2027-08-31`, or the first day of one that has not begun; null: there is none. */
  day: string | null;
  /** Within 30 days, and no other licence follows. */
  endsSoon: boolean;
  /** The reader may use it, and some of their pupils not: why, such as `full` (no seat is free) or `not-chosen`; null: all may. */
  refusesPupils: string | null;
}

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
  /** For teachers only: never shown in a pupil's path. */
  teacherOnly: boolean;
  /** In the library; if it belongs to a tool, the tool can be used in the reader's schools, also by its licence. */
  available: boolean;
  /** Of a tool that needs a licence, whether the reader may use it now; null: it needs none. */
  licence: ActivityLicence | null;
  /** It links to a website that did not answer several times in a row. */
  linkBroken: boolean;
  /** Key of the learning area, from its concepts: `wiskunde`. `lineColourOf(area)` of `@ilearn/ui` is its colour on every page. */
  area: string | null;
  concepts: { uri: string; label: string }[];
}

/** How an exercise of a tool is launched. */
export interface LtiContent {
  /** Key of the registration. */
  registration: string;
  targetLinkUri: string;
  custom: Record<string, string>;
  scoreMaximum: number;
  /** Absent: as the registration says. */
  presentation?: 'same' | 'frame' | 'tab' | 'window' | undefined;
  /** Of the line item, as the tool wishes; absent: the title of the step, and no more. */
  lineItem?: { label?: string | undefined; resourceId?: string | undefined; tag?: string | undefined } | undefined;
}

/** How an activity is opened. `kind` determines which members are present. */
export interface ActivityContent {
  kind: ActivityKind;
  /** `text`: Markdown, to be rendered with `<il-markdown>`. */
  markdown?: string | undefined;
  /** `text`, in a record to import: the same text in other languages, by language code. */
  translations?: Record<string, string> | undefined;
  /** `text`, as returned: the language of `markdown`. */
  language?: string | undefined;
  /** `link`: https address, opened in a new tab; or the path of a page of the portal, such as `/agenda`. */
  url?: string;
  /** `lti`: the registration of the LTI plugin, the address and the custom parameters. */
  lti?: LtiContent;
}

/**
 * A record to import. `source` and `sourceId` identify it, so importing it again changes nothing. Do not put version numbers in `sourceId`,
 * because paths and results refer to the activity.
 */
export interface ActivityRecord {
  source: string;
  sourceId: string;
  /** The school that owns it; null: shared with all schools. */
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
  /**
   * Content to show: formulas in a text are MathML.
   *
   * @param language the reader's language, in which the text is returned if possible; otherwise it is in the activity's language
   */
  contentOf(id: string, language?: string): Promise<ActivityContent | null>;
  /** Key of the tool to which an activity belongs, which contributed it or in which it was chosen; null: it belongs to none, or is unknown. */
  toolOf(id: string): Promise<string | null>;
  /**
   * Ids by source (for a tool `tool:<key>`) and source ids (for a tool the activities' keys), in the order of `sourceIds`; null if unknown.
   */
  idsBySource(source: string, sourceIds: readonly string[]): Promise<(string | null)[]>;
  /**
   * Available activities that could take the place of this one, the most alike first: in its language, then by the concepts that both have,
   * or that are narrower than a concept directly above them, then by age, difficulty and kind. None if it has no concepts or is unknown.
   *
   * @param limit at most 50
   */
  alternatives(id: string, limit: number): Promise<ActivitySummary[]>;
  /**
   * Sources of the tools that the reader can use: in service, not switched off by the school, and licensed where that is needed. An activity of the view
   * `library.activity_states` (`id`, `source`, `state`) works if its state is `available`, its source does not begin with `tool:` or is one
   * of these, and is none of {@link switchedOffSources}. Other states: `withdrawn`, and `broken` for a link that did not answer several times.
   */
  usableToolSources(): Promise<string[]>;
  /** Of the tools that need a licence: whether the reader may use them now, and whether that ends within 30 days without another licence. */
  sourceLicences(): Promise<{ source: string; allowed: boolean; endsSoon: boolean }[]>;
  /** Sources that every school of the reader has switched off: tools, and what providers sent as a table (`provider:<id>`). */
  switchedOffSources(): Promise<string[]>;
  /**
   * Names of concepts of activities, and the facet of the search that each belongs to, such as `onderwijsdoel`; null: none. Concepts of no
   * imported scheme are left out. The view `library.activity_topics` (`activity_id`, `concept_uri`) has the concepts of activities.
   */
  topics(uris: readonly string[]): Promise<{ uri: string; label: string; facet: string | null }[]>;
  /** Those of these activities that were replaced by another. Older imports stored a separate activity for each version. */
  superseded(ids: readonly string[]): Promise<{ id: string; newest: string }[]>;
  /**
   * Adds or updates activities, identified by source, sourceId and school. Concept URIs that are in no scheme are not stored, but returned.
   */
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
   * Imports SKOS in Turtle like the command `ilearn import skos`. Requires the system principal.
   *
   * @param options `onlyNew`: leave existing schemes unchanged
   */
  importFrom(files: readonly string[], options?: { onlyNew?: boolean }): Promise<void>;
}

/** The `context` of other plugins' elements in the slots of the library's pages. */
export interface LibrarySlots {
  /** For a button in each search result and on the page of an activity. */
  'activity-actions': { activityId: string; kind: ActivityKind };
}

export interface LibraryExports {
  activities: Activities;
  curriculum: CurriculumExport;
}
