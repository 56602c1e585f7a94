import { readFileSync } from 'node:fs';
import { parquetType } from './parquet.js';
import type { MeasureText } from './shapes.js';

const languages = ['nl', 'en', 'fr'] as const;

interface Texts {
  public: { title: string; lead: string };
  measures: Record<string, { title: string; definition: string }>;
}

const texts = Object.fromEntries(
  languages.map((language) => [
    language,
    JSON.parse(readFileSync(new URL(`../../messages/${language}.json`, import.meta.url), 'utf8')) as Texts,
  ]),
) as Record<(typeof languages)[number], Texts>;

const inAll = (of: (texts: Texts) => string) =>
  languages.map((language) => ({ '@value': of(texts[language]), '@language': language }));

/** Written out here, so that no reader has to fetch a context from anywhere. */
const context = {
  dcat: 'http://www.w3.org/ns/dcat#',
  dct: 'http://purl.org/dc/terms/',
  foaf: 'http://xmlns.com/foaf/0.1/',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
};

const formats = [
  { path: 'table', type: 'text/csv', name: 'CSV' },
  { path: 'parquet', type: parquetType, name: 'Parquet' },
];
/** What a row is about (ISO 8601). */
const resolutions = { week: 'P7D', month: 'P1M', year: 'P1Y' } as const;

/**
 * The public figures as a catalogue of data sets (DCAT 3; DCAT-AP 3.0.1: titles, descriptions, publisher, access URLs) in JSON-LD.
 *
 * @param portal address of the portal
 */
export function catalogOf(portal: string, publisher: string, measures: readonly MeasureText[]): Record<string, unknown> {
  const agent = { '@id': `${portal}/#publisher`, '@type': 'foaf:Agent', 'foaf:name': publisher };
  const dataset = measures.map(({ id, since }) => ({
    '@id': `${portal}/api/reports/figures?measure=${id}`,
    '@type': 'dcat:Dataset',
    'dct:title': inAll(({ measures }) => measures[id]?.title ?? id),
    'dct:description': inAll(({ measures }) => measures[id]?.definition ?? id),
    'dct:publisher': { '@id': agent['@id'] },
    'dcat:landingPage': { '@id': `${portal}/cijfers` },
    ...(since === null
      ? {}
      : { 'dct:temporal': { '@type': 'dct:PeriodOfTime', 'dcat:startDate': { '@value': since, '@type': 'xsd:date' } } }),
    'dcat:distribution': (['week', 'month', 'year'] as const).flatMap((grain) =>
      formats.map(({ path, type, name }) => {
        const address = `${portal}/api/reports/figures/${path}?measure=${id}&grain=${grain}&by=all`;
        return {
          '@id': address,
          '@type': 'dcat:Distribution',
          'dct:title': inAll(({ measures }) => `${measures[id]?.title ?? id} (${grain}, ${name})`),
          'dcat:accessURL': { '@id': address },
          'dcat:downloadURL': { '@id': address },
          'dcat:mediaType': { '@id': `http://www.iana.org/assignments/media-types/${type}` },
          'dcat:temporalResolution': { '@value': resolutions[grain], '@type': 'xsd:duration' },
        };
      }),
    ),
  }));
  return {
    '@context': context,
    '@id': `${portal}/api/reports/catalog`,
    '@type': 'dcat:Catalog',
    'dct:title': inAll((all) => all.public.title),
    'dct:description': inAll((all) => all.public.lead),
    'dct:publisher': agent,
    'dcat:dataset': dataset,
  };
}
