export interface Label {
  /** `short`: a label for tight places (SKOS-XL label of type SHORTLABEL). */
  kind: 'pref' | 'alt' | 'hidden' | 'short';
  value: string;
  /** BCP 47; null if the file gives none. */
  language: string | null;
}

/** A concept in one version of its scheme. Relations name concepts by URI and are complete in both directions. */
export interface Concept {
  uri: string;
  /** The label that people read. */
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
  /** Whether the order of the members has a meaning (skos:OrderedCollection). */
  ordered: boolean;
  /** Applications that use it as a facet: `myway`. */
  inUseBy: string[];
  /** Concept URIs. */
  members: string[];
}

/** All that one import says about a scheme. */
export interface Scheme {
  uri: string;
  label: string;
  /** The maker's version number (pav:version, owl:versionInfo). */
  declaredVersion: string | null;
  concepts: Concept[];
  collections: Collection[];
  /** SHA-256 of the content, the same whatever the order of the file. */
  hash: string;
}

/** Something in the files that was not imported. */
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
