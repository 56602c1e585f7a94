import type { Partners } from '../protocol/partners.js';
import type { Deliveries } from './deliveries.js';
import type { StudyDependencies } from './dependencies.js';
import type { Participants } from './participants.js';
import type { Studies } from './studies.js';
import type { StudySchools } from './study-schools.js';

export interface StudyCradle extends StudyDependencies {
  deliveries: Deliveries;
  participants: Participants;
  partners: Partners;
  studies: Studies;
  studySchools: StudySchools;
}
