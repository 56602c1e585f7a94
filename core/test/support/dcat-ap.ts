import jsonld from 'jsonld';
import { Parser, Store } from 'n3';
import Validator from 'rdf-validate-shacl';
import { expect } from 'vitest';

/*
 * What DCAT-AP 3.0.1 requires of the classes that the portal's catalogues have, as SHACL shapes. They are written here from the tables of its
 * specification (mandatory properties, cardinalities, ranges) instead of copied; terms of authority tables are not looked up.
 */
const shapes = `
  @prefix sh: <http://www.w3.org/ns/shacl#> .
  @prefix dcat: <http://www.w3.org/ns/dcat#> .
  @prefix dct: <http://purl.org/dc/terms/> .
  @prefix foaf: <http://xmlns.com/foaf/0.1/> .
  @prefix spdx: <http://spdx.org/rdf/terms#> .
  @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
  @prefix : <urn:shapes:> .

  :Moment a sh:NodeShape ;
    sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:dateTime ] [ sh:datatype xsd:gYear ] [ sh:datatype xsd:gYearMonth ] ) .
  :Title sh:path dct:title ; sh:minCount 1 ; sh:nodeKind sh:Literal ; sh:uniqueLang true .
  :Description sh:path dct:description ; sh:minCount 1 ; sh:nodeKind sh:Literal ; sh:uniqueLang true .
  :Issued sh:path dct:issued ; sh:maxCount 1 ; sh:node :Moment .
  :Modified sh:path dct:modified ; sh:maxCount 1 ; sh:node :Moment .
  :Licence sh:path dct:license ; sh:maxCount 1 ; sh:nodeKind sh:IRI .
  # A term that a class does not have says nothing to its readers.
  :NoFrequency sh:path dct:accrualPeriodicity ; sh:maxCount 0 .

  :Catalogue a sh:NodeShape ; sh:targetClass dcat:Catalog ;
    sh:property :Title, :Description, :Issued, :Modified, :Licence,
      [ sh:path dct:publisher ; sh:minCount 1 ; sh:maxCount 1 ; sh:class foaf:Agent ],
      [ sh:path dcat:dataset ; sh:class dcat:Dataset ], [ sh:path dcat:service ; sh:class dcat:DataService ],
      [ sh:path foaf:homepage ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] .
  :Dataset a sh:NodeShape ; sh:targetClass dcat:Dataset ;
    sh:property :Title, :Description, :Issued, :Modified,
      [ sh:path dct:publisher ; sh:maxCount 1 ; sh:class foaf:Agent ],
      [ sh:path dcat:distribution ; sh:class dcat:Distribution ],
      [ sh:path dct:temporal ; sh:class dct:PeriodOfTime ],
      [ sh:path dct:accrualPeriodicity ; sh:maxCount 1 ; sh:nodeKind sh:IRI ],
      [ sh:path dcat:landingPage ; sh:nodeKind sh:IRI ],
      [ sh:path dcat:version ; sh:maxCount 1 ; sh:nodeKind sh:Literal ] .
  :Distribution a sh:NodeShape ; sh:targetClass dcat:Distribution ;
    sh:property :Issued, :Modified, :Licence, :NoFrequency,
      [ sh:path dcat:accessURL ; sh:minCount 1 ; sh:nodeKind sh:IRI ],
      [ sh:path dcat:downloadURL ; sh:nodeKind sh:IRI ],
      [ sh:path dct:title ; sh:nodeKind sh:Literal ],
      [ sh:path dcat:mediaType ; sh:maxCount 1 ; sh:nodeKind sh:IRI ; sh:pattern "^http://www.iana.org/assignments/media-types/" ],
      [ sh:path dcat:byteSize ; sh:maxCount 1 ; sh:datatype xsd:nonNegativeInteger ],
      [ sh:path dcat:temporalResolution ; sh:maxCount 1 ; sh:datatype xsd:duration ],
      [ sh:path spdx:checksum ; sh:maxCount 1 ; sh:class spdx:Checksum ] .
  :Service a sh:NodeShape ; sh:targetClass dcat:DataService ;
    sh:property :Title, [ sh:path dcat:endpointURL ; sh:minCount 1 ; sh:nodeKind sh:IRI ] .
  :Agent a sh:NodeShape ; sh:targetClass foaf:Agent ;
    sh:property [ sh:path foaf:name ; sh:minCount 1 ; sh:nodeKind sh:Literal ] .
  :Checksum a sh:NodeShape ; sh:targetClass spdx:Checksum ;
    sh:property [ sh:path spdx:algorithm ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ],
      [ sh:path spdx:checksumValue ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:hexBinary ] .
  :Period a sh:NodeShape ; sh:targetClass dct:PeriodOfTime ;
    sh:property [ sh:path dcat:startDate ; sh:maxCount 1 ; sh:node :Moment ], [ sh:path dcat:endDate ; sh:maxCount 1 ; sh:node :Moment ] .
`;
const validator = new Validator(new Store(new Parser().parse(shapes)));

/** A context that is not in the document itself would have to be fetched. */
async function documentLoader(url: string): Promise<never> {
  throw new Error(`${url} is not fetched`);
}

/** What is wrong with a catalogue in JSON-LD by the shapes of DCAT-AP: `class path of node: constraint`; empty: nothing. */
export async function dcatFaults(catalogue: object): Promise<string[]> {
  const quads = (await jsonld.toRDF(catalogue, { format: 'application/n-quads', documentLoader, safe: true })) as string;
  const { results } = await validator.validate(new Store(new Parser({ format: 'N-Quads' }).parse(quads)));
  return results.map(({ path, focusNode, sourceConstraintComponent: constraint }) =>
    [path, 'of', focusNode, constraint].map((term) => (typeof term === 'string' ? term : term?.value)).join(' '),
  );
}

/** Fails unless a catalogue has what DCAT-AP requires, and the check finds each mandatory property that is taken away. */
export async function checkDcat(catalogue: Record<string, any>): Promise<void> {
  expect(await dcatFaults(catalogue)).toEqual([]);
  const without = (edit: (copy: any) => void) => {
    const copy = structuredClone(catalogue);
    edit(copy);
    return dcatFaults(copy);
  };
  const first = (copy: any) => [copy['dcat:dataset']].flat()[0];
  const distribution = (copy: any) => [first(copy)['dcat:distribution']].flat()[0];
  for (const edit of [
    (copy: any) => delete copy['dct:title'],
    (copy: any) => delete copy['dct:publisher'],
    (copy: any) => delete first(copy)['dct:description'],
    (copy: any) => delete distribution(copy)['dcat:accessURL'],
    (copy: any) => delete copy['dct:publisher']['foaf:name'],
  ])
    expect((await without(edit)).length, String(edit)).toBeGreaterThan(0);
}
