import type { Cradle as Shared } from '../cradle.js';
import type { ConsentService } from './consents.js';

export interface Cradle extends Shared {
  consents: ConsentService;
}
