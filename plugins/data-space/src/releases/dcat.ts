import type { Release } from './releases.js';

/** Written out here, so that no reader has to fetch a context from anywhere. */
const context = {
  dcat: 'http://www.w3.org/ns/dcat#',
  dct: 'http://purl.org/dc/terms/',
  foaf: 'http://xmlns.com/foaf/0.1/',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
  spdx: 'http://spdx.org/rdf/terms#',
};

const nl = (text: string) => ({ '@value': text, '@language': 'nl' });

/**
 * Published open data as a catalogue in JSON-LD (DCAT 3; DCAT-AP 3.0.1: titles, descriptions, publisher, access URLs). A bare catalogue of the
 * Dataspace Protocol has no access URLs, which is why there are two.
 *
 * @param portal address of the portal
 */
export function dcatOf(portal: string, releases: readonly Release[]): Record<string, unknown> {
  const publisher = { '@id': `${portal}/#publisher`, '@type': 'foaf:Agent', 'foaf:name': 'i-Learn' };
  const root = `${portal}/api/data-space`;
  return {
    '@context': context,
    '@id': `${root}/catalog`,
    '@type': 'dcat:Catalog',
    'dct:title': nl('Open data van i-Learn'),
    'dct:description': nl('Tabellen over het gebruik van i-Learn, waarin niemand te herkennen is.'),
    'dct:publisher': publisher,
    'dcat:service': {
      '@id': `${root}#service`,
      '@type': 'dcat:DataService',
      'dct:title': nl('Dataspace Protocol 2025-1'),
      'dcat:endpointURL': { '@id': `${root}/dsp/2025-1` },
    },
    'dcat:dataset': releases.map(({ id, title, description, version, publishedAt, sha256 }) => {
      const address = `${root}/open/${id}/table`;
      return {
        '@id': `urn:uuid:${id}`,
        '@type': 'dcat:Dataset',
        'dct:title': nl(title),
        'dct:description': nl(description),
        'dct:publisher': { '@id': publisher['@id'] },
        'dcat:version': `${version}`,
        'dct:issued': { '@value': publishedAt?.toISOString(), '@type': 'xsd:dateTime' },
        'dcat:landingPage': { '@id': `${portal}/open-data` },
        'dcat:distribution': {
          '@id': address,
          '@type': 'dcat:Distribution',
          'dct:title': nl(title),
          'dcat:accessURL': { '@id': address },
          'dcat:downloadURL': { '@id': address },
          'dcat:mediaType': { '@id': 'http://www.iana.org/assignments/media-types/text/csv' },
          'spdx:checksum': {
            '@type': 'spdx:Checksum',
            'spdx:algorithm': { '@id': 'spdx:checksumAlgorithm_sha256' },
            'spdx:checksumValue': { '@value': sha256, '@type': 'xsd:hexBinary' },
          },
        },
      };
    }),
  };
}
