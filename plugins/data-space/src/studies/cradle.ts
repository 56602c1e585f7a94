import type { Deliveries } from './deliveries.js';
import type { StudyDependencies } from './dependencies.js';
import type { Participants } from './participants.js';
import type { Studies } from './studies.js';
import type { StudySchools } from './study-schools.js';
import type { StudyTokens } from './study-tokens.js';

export interface StudyCradle extends StudyDependencies {
  deliveries: Deliveries;
  participants: Participants;
  studies: Studies;
  studySchools: StudySchools;
  studyTokens: StudyTokens;
}
