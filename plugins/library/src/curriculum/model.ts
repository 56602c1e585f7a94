export interface Label {
  /** `short`: a label for use where there is little room (SKOS-XL label of type SHORTLABEL). */
  kind: 'pref' | 'alt' | 'hidden' | 'short';
  value: string;
  /** BCP 47; null if the file gives none. */
  language: string | null;
}

/** A concept in one version of its scheme. Relations are URIs of concepts, and complete in both directions. */
export interface Concept {
  uri: string;
  /** The label to show. */
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
  /** Whether the order of the members is meaningful (skos:OrderedCollection). */
  ordered: boolean;
  /** Applications that use the collection as a facet: `myway`. */
  inUseBy: string[];
  /** Concept URIs. */
  members: string[];
}

/** A scheme as read from the files of one import. */
export interface Scheme {
  uri: string;
  label: string;
  /** The maker's version number (pav:version, owl:versionInfo). */
  declaredVersion: string | null;
  concepts: Concept[];
  collections: Collection[];
  /** SHA-256 of the content, independent of the order in the files. */
  hash: string;
}

/** Something in the files that was not imported. */
export interface LeftOut {
  what: string;
  why: string;
  count: number;
  /** The first examples. */
  examples: string[];
}

export interface Curriculum {
  schemes: Scheme[];
  leftOut: LeftOut[];
}
