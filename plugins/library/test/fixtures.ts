import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const prefixes = `
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix skosxl: <http://www.w3.org/2008/05/skos-xl#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix schema: <http://schema.org/> .
@prefix pav: <http://purl.org/pav/> .
@prefix ilearn: <http://semweb.mmlab.be/ns/ilearn#> .
@prefix v: <http://example.org/vak/> .
@prefix k: <http://example.org/kolommen/> .
`;

export const v = (name: string): string => `http://example.org/vak/${name}`;
export const k = (name: string): string => `http://example.org/kolommen/${name}`;

/** A small curriculum of two levels, as the real one is built. */
export const curriculum = `${prefixes}
v:_scheme a skos:ConceptScheme ; skos:prefLabel "vakken"@nl, "subjects"@en ; pav:version "1.0.0" ;
  skos:hasTopConcept v:wiskunde .

v:wiskunde a skos:Concept ; skos:prefLabel "wiskunde"@nl, "mathematics"@en ; skos:narrower v:getallen ; foaf:logo v:logo .
v:logo schema:contentUrl <http://example.org/icons/wiskunde.svg> .

v:getallen a skos:Concept ; skos:inScheme v:_scheme ; skos:prefLabel "getallenleer"@nl ; skos:altLabel "rekenen"@nl ; skos:notation "W1" .
v:breuken a skos:Concept ; skos:inScheme v:_scheme ; skos:prefLabel "breuken"@nl ; skos:broader v:getallen ; skosxl:altLabel v:kort .
v:kort a skosxl:Label ; skosxl:literalForm "1/2"@nl ;
  dct:type <http://publications.europa.eu/resource/authority/label-type/SHORTLABEL> .
v:taal a skos:Concept ; skos:topConceptOf v:_scheme ; skos:prefLabel "Nederlands"@nl .
v:doel-1.2-77 a skos:Concept ; skos:inScheme v:_scheme ; skos:prefLabel "doel-1.2-77"@nl ;
  skos:definition "1.2 De leerlingen delen eerlijk."@nl ; skos:related v:breuken .

k:_scheme a skos:ConceptScheme ; skos:prefLabel "kolommen"@nl .
k:vakken a skos:Collection ; skos:inScheme k:_scheme ; skos:prefLabel "vakken"@nl ; skos:member v:taal, v:wiskunde .
k:onderdelen a skos:OrderedCollection ; skos:inScheme k:_scheme ; skos:prefLabel "onderdelen"@nl ;
  skos:memberList ( v:getallen v:breuken ) .
k:doelen a skos:Collection ; skos:inScheme k:_scheme ; skos:prefLabel "doelen"@nl ; skos:member v:doel-1.2-77 .
k:alles a skos:Collection ; skos:inScheme k:_scheme ; skos:prefLabel "alles"@nl ; skos:member v:taal, v:wiskunde, v:getallen, v:breuken .
`;

export const inUse = `${prefixes}
k:vakken ilearn:inUseBy "myway" . k:onderdelen ilearn:inUseBy "myway" . k:doelen ilearn:inUseBy "myway" . k:alles ilearn:inUseBy "myway" .
`;

/** Facets for the small curriculum; `doelen` is in use but not named, so it is a facet of its own. */
export const smallConfig = { library: { facets: [{ key: 'vak', collections: [k('vakken'), k('onderdelen')] }] } };

let folder: string | undefined;

/** Writes a file and returns its path. */
export function written(name: string, text: string | Uint8Array): string {
  folder ??= mkdtempSync(join(tmpdir(), 'library-'));
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

export const smallFiles = (): string[] => [written('vakken.ttl', curriculum), written('gebruik.ttl', inUse)];

const data = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));

/** What MyWay itself used, where it lies beside the project. */
/** Files that others made; null where they are absent: the report then says that the small fixtures stood for them. */
export const realData = existsSync(join(data, 'skos'))
  ? {
      skos: readdirSync(join(data, 'skos'))
        .filter((name) => name.endsWith('.ttl'))
        .map((name) => join(data, 'skos', name)),
      objects: join(data, 'dwengo/objects'),
    }
  : null;
