const skosBase = 'http://www.w3.org/2004/02/skos/core#';
const rdfBase = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
const owlBase = 'http://www.w3.org/2002/07/owl#';
const xlBase = 'http://www.w3.org/2008/05/skos-xl#';
const ilearnBase = 'http://semweb.mmlab.be/ns/ilearn#';

export const rdf = { type: `${rdfBase}type` } as const;

/** SKOS Reference, W3C Recommendation 18 August 2009. */
export const skos = {
  Concept: `${skosBase}Concept`,
  ConceptScheme: `${skosBase}ConceptScheme`,
  Collection: `${skosBase}Collection`,
  OrderedCollection: `${skosBase}OrderedCollection`,
  inScheme: `${skosBase}inScheme`,
  topConceptOf: `${skosBase}topConceptOf`,
  hasTopConcept: `${skosBase}hasTopConcept`,
  prefLabel: `${skosBase}prefLabel`,
  altLabel: `${skosBase}altLabel`,
  hiddenLabel: `${skosBase}hiddenLabel`,
  notation: `${skosBase}notation`,
  definition: `${skosBase}definition`,
  broader: `${skosBase}broader`,
  broaderTransitive: `${skosBase}broaderTransitive`,
  narrower: `${skosBase}narrower`,
  narrowerTransitive: `${skosBase}narrowerTransitive`,
  related: `${skosBase}related`,
  member: `${skosBase}member`,
  memberList: `${skosBase}memberList`,
} as const;

/** SKOS-XL (SKOS Reference, appendix B): labels as resources. */
export const xl = {
  Label: `${xlBase}Label`,
  prefLabel: `${xlBase}prefLabel`,
  altLabel: `${xlBase}altLabel`,
  hiddenLabel: `${xlBase}hiddenLabel`,
  literalForm: `${xlBase}literalForm`,
} as const;

export const owl = {
  Ontology: `${owlBase}Ontology`,
  deprecated: `${owlBase}deprecated`,
  versionInfo: `${owlBase}versionInfo`,
} as const;

/** Terms that the Flemish schemes use in addition to SKOS. */
export const other = {
  inUseBy: `${ilearnBase}inUseBy`,
  logo: 'http://xmlns.com/foaf/0.1/logo',
  contentUrl: 'http://schema.org/contentUrl',
  version: 'http://purl.org/pav/version',
  labelType: 'http://purl.org/dc/terms/type',
  shortLabel: 'http://publications.europa.eu/resource/authority/label-type/SHORTLABEL',
} as const;

/** Predicates that the import understands. `*Transitive` are computed from broader and narrower. */
export const understood: ReadonlySet<string> = new Set<string>([
  rdf.type,
  ...Object.values(skos),
  ...Object.values(xl),
  ...Object.values(owl),
  ...Object.values(other),
]);

const prefixes: Record<string, string> = {
  [skosBase]: 'skos',
  [rdfBase]: 'rdf',
  [owlBase]: 'owl',
  [xlBase]: 'skosxl',
  [ilearnBase]: 'ilearn',
  'http://semweb.mmlab.be/ns/lom#': 'lom',
  'http://purl.org/dc/terms/': 'dct',
};

/** `skos:broader` for a known namespace, otherwise the full URI. */
export function shortName(uri: string): string {
  const local = localName(uri);
  const prefix = prefixes[uri.slice(0, uri.length - local.length)];
  return prefix === undefined ? uri : `${prefix}:${local}`;
}

/** The part after the last `#` or `/`. */
export function localName(uri: string): string {
  return uri.slice(Math.max(uri.lastIndexOf('#'), uri.lastIndexOf('/')) + 1);
}
