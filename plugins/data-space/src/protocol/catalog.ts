import type { Release } from '../releases/releases.js';
import { saying, urn } from './messages.js';
import { catalogOffer } from './policy.js';
import { FORMAT } from './transfers.js';

/** Where the protocol is served, below the address of the portal. */
export const ROOT = '/api/data-space';
export const PATH = '/dsp/2025-1';

const serviceOf = (portal: string) => ({
  '@id': `${portal}${ROOT}#service`,
  '@type': 'DataService',
  endpointURL: `${portal}${ROOT}${PATH}`,
});

/** A published version as a data set of the protocol (§5.3). Title and description are named in full, since its context has no names for them. */
const members = (portal: string, { id, title, description, version }: Release) => ({
  '@id': urn(id),
  '@type': 'Dataset',
  'http://purl.org/dc/terms/title': title,
  'http://purl.org/dc/terms/description': description,
  'http://www.w3.org/ns/dcat#version': `${version}`,
  hasPolicy: [catalogOffer(id)],
  distribution: [{ '@type': 'Distribution', format: FORMAT, accessService: serviceOf(portal) }],
});

export const datasetOf = (portal: string, release: Release) => {
  const { '@type': type, ...rest } = members(portal, release);
  return saying(type, rest);
};

/** @param participantId how the portal is called */
export const catalogOf = (portal: string, participantId: string, releases: readonly Release[]) =>
  saying('Catalog', {
    '@id': `${portal}${ROOT}#catalog`,
    participantId,
    service: [serviceOf(portal)],
    // A list of the protocol is never empty.
    ...(releases.length === 0 ? {} : { dataset: releases.map((each) => members(portal, each)) }),
  });

const dcp = {
  identifierType: 'did:web',
  auth: { protocol: 'DCP', version: '1.0', profile: ['vc20-bssl/jwt', 'vc11-sl2021/jwt'] },
};

/** `/.well-known/dspace-version` (§4.3): plain JSON without a context. */
export const versionsOf = (hasDid: boolean) => ({
  protocolVersions: [{ version: '2025-1', path: PATH, binding: 'HTTPS', ...(hasDid ? dcp : {}) }],
});
