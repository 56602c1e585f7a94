import type { Dependencies } from '../dependencies.js';
import type { Releases } from '../releases/releases.js';
import type { Identities } from './identities.js';
import type { Negotiations } from './negotiations.js';
import type { Partners } from './partners.js';
import type { Transfers } from './transfers.js';

export interface ProtocolCradle extends Dependencies {
  identities: Identities;
  negotiations: Negotiations;
  partners: Partners;
  releases: Releases;
  transfers: Transfers;
}
