import { createHash } from 'node:crypto';
import { Yielder } from '@ilearn/core';
import type { Quad } from 'n3';
import { Graph } from './graph.js';
import { displayLabel, labelsOf, textIn } from './labels.js';
import { LeftOutLog } from './left-out.js';
import type { Collection, Concept, Curriculum, Scheme } from './model.js';
import { localName, other, owl, rdf, shortName, skos, understood, xl } from './vocabulary.js';

/**
 * Reads SKOS from the statements of all files, and applies its inferences: a top concept is in its scheme, narrower is the inverse of
 * broader (SKOS Reference §8). `leftOut` lists what is not imported.
 */
export async function readSkos(quads: readonly Quad[]): Promise<Curriculum> {
  const graph = await Graph.of(quads);
  const yielder = new Yielder();
  const log = new LeftOutLog();
  const schemeUris = new Set(graph.subjects(rdf.type, skos.ConceptScheme).filter((uri) => sound(uri, 'scheme', log)));
  const schemesOf = membership(graph, schemeUris);

  const conceptUris = new Set(inSomeScheme(graph.subjects(rdf.type, skos.Concept), 'concept', schemesOf, log));
  const relations = await readRelations(graph, conceptUris, log, yielder);
  const concepts = new Map<string, Concept>();
  for (const uri of conceptUris) {
    if (yielder.due()) await yielder.yield();
    concepts.set(uri, readConcept(graph, uri, relations, log));
  }

  const collectionUris = new Set([
    ...graph.subjects(rdf.type, skos.Collection),
    ...graph.subjects(rdf.type, skos.OrderedCollection),
  ]);
  const collections: Collection[] = [];
  for (const uri of inSomeScheme(collectionUris, 'collection', schemesOf, log)) {
    await yielder.yield();
    collections.push(readCollection(graph, uri, conceptUris, log));
  }

  nameUnusedPredicates(graph, log);
  nameUnusedSubjects(graph, new Set([...schemeUris, ...graph.subjects(rdf.type, skos.Concept), ...collectionUris]), log);

  const schemes: Scheme[] = [];
  for (const uri of [...schemeUris].sort()) {
    const content = {
      uri,
      label: displayLabel(uri, labelsOf(graph, uri, log), null),
      declaredVersion: graph.literals(uri, other.version)[0] ?? graph.literals(uri, owl.versionInfo)[0] ?? null,
      concepts: sortedBy([...concepts.values()].filter((concept) => schemesOf.get(concept.uri)?.has(uri))),
      collections: sortedBy(collections.filter((collection) => schemesOf.get(collection.uri)?.has(uri))),
    };
    schemes.push({ ...content, hash: await hashOf(content, yielder) });
  }
  return { schemes, leftOut: log.list() };
}

/** SHA-256 of the content as JSON, computed in parts, because a scheme may have megabytes. */
async function hashOf({ concepts, collections, ...head }: Omit<Scheme, 'hash'>, yielder: Yielder): Promise<string> {
  const hash = createHash('sha256').update(`${JSON.stringify(head).slice(0, -1)},"concepts":`);
  const addList = async (items: readonly unknown[]) => {
    for (const [index, item] of items.entries()) {
      if (yielder.due()) await yielder.yield();
      hash.update(`${index === 0 ? '[' : ','}${JSON.stringify(item)}`);
    }
    hash.update(items.length === 0 ? '[]' : ']');
  };
  await addList(concepts);
  hash.update(',"collections":');
  await addList(collections);
  return hash.update('}').digest('hex');
}

const sortedBy = <T extends { uri: string }>(items: T[]): T[] => items.sort((a, b) => (a.uri < b.uri ? -1 : 1));
const sorted = (values: Iterable<string>): string[] => [...new Set(values)].sort();

/** Whether a URI is absolute and short enough for a database index, as concepts, collections and schemes need. */
function sound(uri: string, what: string, log: LeftOutLog): boolean {
  if (/^[a-z][a-z0-9+.-]*:\S+$/i.test(uri) && uri.length <= 1000) return true;
  log.add(what, 'its address is not absolute, or longer than 1000 characters', uri.slice(0, 80));
  return false;
}

function membership(graph: Graph, schemes: ReadonlySet<string>): Map<string, Set<string>> {
  const schemesOf = new Map<string, Set<string>>();
  const add = (resource: string, scheme: string) => schemesOf.set(resource, (schemesOf.get(resource) ?? new Set()).add(scheme));
  for (const scheme of schemes) {
    for (const resource of graph.subjects(skos.inScheme, scheme)) add(resource, scheme);
    for (const resource of graph.subjects(skos.topConceptOf, scheme)) add(resource, scheme);
    for (const resource of graph.uris(scheme, skos.hasTopConcept)) add(resource, scheme);
  }
  return schemesOf;
}

function inSomeScheme(uris: Iterable<string>, what: string, schemesOf: Map<string, Set<string>>, log: LeftOutLog): string[] {
  return [...new Set(uris)].filter((uri) => {
    if (!sound(uri, what, log)) return false;
    if (schemesOf.has(uri)) return true;
    log.add(what, 'it is in no scheme of these files; say which with skos:inScheme', uri);
    return false;
  });
}

interface Relations {
  broader: Map<string, Set<string>>;
  narrower: Map<string, Set<string>>;
  related: Map<string, Set<string>>;
}

async function readRelations(graph: Graph, concepts: ReadonlySet<string>, log: LeftOutLog, yielder: Yielder): Promise<Relations> {
  const relations: Relations = { broader: new Map(), narrower: new Map(), related: new Map() };
  const add = (kind: keyof Relations, from: string, to: string) =>
    relations[kind].set(from, (relations[kind].get(from) ?? new Set()).add(to));
  for (const uri of concepts) {
    if (yielder.due()) await yielder.yield();
    for (const [predicate, kind, inverse] of [
      [skos.broader, 'broader', 'narrower'],
      [skos.narrower, 'narrower', 'broader'],
      [skos.related, 'related', 'related'],
    ] as const) {
      for (const target of graph.uris(uri, predicate)) {
        if (!concepts.has(target)) {
          log.add(shortName(predicate), 'it points to a concept that these files do not define', target);
        } else if (target === uri) {
          log.add(shortName(predicate), 'it points to the concept itself', target);
        } else {
          add(kind, uri, target);
          add(inverse, target, uri);
        }
      }
    }
  }
  return relations;
}

function readConcept(graph: Graph, uri: string, relations: Relations, log: LeftOutLog): Concept {
  const labels = labelsOf(graph, uri, log);
  const definition = textIn(graph.objects(uri, skos.definition));
  const logo = graph.uris(uri, other.logo)[0];
  const icon = logo === undefined ? undefined : (graph.uris(logo, other.contentUrl)[0] ?? logo);
  return {
    uri,
    label: displayLabel(uri, labels, definition),
    labels,
    definition,
    notation: graph.literals(uri, skos.notation)[0] ?? null,
    icon: icon === undefined ? null : localName(icon),
    broader: sorted(relations.broader.get(uri) ?? []),
    narrower: sorted(relations.narrower.get(uri) ?? []),
    related: sorted(relations.related.get(uri) ?? []),
    deprecated: graph.literals(uri, owl.deprecated).includes('true'),
  };
}

function readCollection(graph: Graph, uri: string, concepts: ReadonlySet<string>, log: LeftOutLog): Collection {
  const labels = labelsOf(graph, uri, log);
  const list = graph.list(uri, skos.memberList);
  const members = [...new Set([...list, ...sorted(graph.uris(uri, skos.member))])].filter((member) => {
    if (concepts.has(member)) return true;
    log.add('skos:member', 'it is not a concept of these files', member);
    return false;
  });
  return {
    uri,
    label: displayLabel(uri, labels, null),
    labels,
    ordered: list.length > 0,
    inUseBy: sorted(graph.literals(uri, other.inUseBy)),
    members,
  };
}

function nameUnusedPredicates(graph: Graph, log: LeftOutLog): void {
  for (const [predicate, count] of graph.predicates()) {
    if (understood.has(predicate)) continue;
    log.add(`${shortName(predicate)} statement`, 'the library has no use for this property', predicate, count);
  }
}

function nameUnusedSubjects(graph: Graph, taken: ReadonlySet<string>, log: LeftOutLog): void {
  const helpers = new Set([
    ...graph.subjects(rdf.type, xl.Label),
    ...graph.subjects(rdf.type, owl.Ontology),
    ...graph.allSubjects().filter((uri) => graph.objects(uri, other.contentUrl).length > 0),
  ]);
  for (const uri of graph.allSubjects()) {
    if (taken.has(uri) || helpers.has(uri)) continue;
    log.add('resource', 'these files do not say that it is a skos:Concept, skos:Collection or skos:ConceptScheme', uri);
  }
}
