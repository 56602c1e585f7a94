import type { Choices } from './deep-linking/choices.js';
import type { KeptChoices } from './deep-linking/kept-choices.js';
import type { Dependencies } from './dependencies.js';
import type { SelfRegistrations } from './dynamic-registration/self-registrations.js';
import type { Gradebook } from './grades/gradebook.js';
import type { LineItemService } from './grades/line-items.js';
import type { ResultService } from './grades/results.js';
import type { ScoreService } from './grades/scores.js';
import type { StatementService } from './grades/statements.js';
import type { SigningKeys } from './keys/signing-keys.js';
import type { Authentication } from './launches/authentication.js';
import type { IdTokens } from './launches/id-tokens.js';
import type { LaunchRecords } from './launches/launch-records.js';
import type { LaunchService } from './launches/launch-service.js';
import type { Placements } from './launches/placements.js';
import type { ReturnMessages } from './launches/return-messages.js';
import type { Subjects } from './launches/subjects.js';
import type { Members } from './members/members.js';
import type { RegistrationService } from './registrations/registration-service.js';
import type { Releases } from './releases/releases.js';
import type { AccessTokens } from './tokens/access-tokens.js';
import type { ClientAssertions } from './tokens/client-assertions.js';
import type { Traces } from './trace/traces.js';
import type { TryOuts } from './try-outs/try-outs.js';

/** The services that routes, jobs and commands can resolve, by their name in the container. */
export interface Cradle extends Dependencies {
  /** Exported. */
  launches: LaunchService;
  /** Exported. */
  gradebook: Gradebook;
  /** Exported. */
  releases: Releases;
  registrations: RegistrationService;
  signingKeys: SigningKeys;
  launchRecords: LaunchRecords;
  returnMessages: ReturnMessages;
  authentication: Authentication;
  idTokens: IdTokens;
  placements: Placements;
  subjects: Subjects;
  clientAssertions: ClientAssertions;
  accessTokens: AccessTokens;
  lineItems: LineItemService;
  scores: ScoreService;
  statements: StatementService;
  results: ResultService;
  members: Members;
  traces: Traces;
  tryOuts: TryOuts;
  choices: Choices;
  keptChoices: KeptChoices;
  selfRegistrations: SelfRegistrations;
}
