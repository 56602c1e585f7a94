export interface Label {
  /** `short`: a label for tight places (SKOS-XL label of type SHORTLABEL). */
  kind: 'pref' | 'alt' | 'hidden' | 'short';
  value: string;
  /** BCP 47; null when the file gives none. */
  language: string | null;
}

/** A concept as one version of its scheme says it. Relations name concepts by URI and are complete in both directions. */
export interface Concept {
  uri: string;
  /** What people read. */
  label: string;
  labels: Label[];
  definition: string | null;
  notation: string | null;
  /** File name of its icon. */
  icon: string | null;
  broader: string[];
  narrower: string[];
  related: string[];
  deprecated: boolean;
}

export interface Collection {
  uri: string;
  label: string;
  labels: Label[];
  /** Whether the members' order means something (skos:OrderedCollection). */
  ordered: boolean;
  /** Applications that show it to their users as a way to search: `myway`. */
  inUseBy: string[];
  /** Concept URIs. */
  members: string[];
}

/** All that one import says of one scheme. */
export interface Scheme {
  uri: string;
  label: string;
  /** As its maker numbers it (pav:version, owl:versionInfo). */
  declaredVersion: string | null;
  concepts: Concept[];
  collections: Collection[];
  /** SHA-256 of the content, the same whatever the order of the file. */
  hash: string;
}

/** Something in the files that was not taken over. */
export interface LeftOut {
  what: string;
  why: string;
  count: number;
  /** The first few. */
  examples: string[];
}

export interface Curriculum {
  schemes: Scheme[];
  leftOut: LeftOut[];
}
