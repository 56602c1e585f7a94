import type { KernelCradle, PrivilegedCradle } from '@ilearn/core';
import type { DirectoryExports } from '@ilearn/plugin-directory';
import type { Config } from './config.js';
import type { LineItemService } from './grades/line-items.js';
import type { ResultService } from './grades/results.js';
import type { ScoreService } from './grades/scores.js';
import type { SigningKeys } from './keys/signing-keys.js';
import type { Authentication } from './launches/authentication.js';
import type { IdTokens } from './launches/id-tokens.js';
import type { LaunchRecords } from './launches/launch-records.js';
import type { LaunchService } from './launches/launch-service.js';
import type { Placements } from './launches/placements.js';
import type { Subjects } from './launches/subjects.js';
import type { RegistrationService } from './registrations/registration-service.js';
import type { AccessTokens } from './tokens/access-tokens.js';
import type { ClientAssertions } from './tokens/client-assertions.js';

/** What this plugin's services may ask for by name. */
export interface Cradle extends KernelCradle<Config>, Pick<PrivilegedCradle, 'actAs' | 'secrets'> {
  directory: DirectoryExports;
  registrations: RegistrationService;
  signingKeys: SigningKeys;
  launches: LaunchService;
  launchRecords: LaunchRecords;
  authentication: Authentication;
  idTokens: IdTokens;
  placements: Placements;
  subjects: Subjects;
  clientAssertions: ClientAssertions;
  accessTokens: AccessTokens;
  lineItems: LineItemService;
  scores: ScoreService;
  results: ResultService;
}
