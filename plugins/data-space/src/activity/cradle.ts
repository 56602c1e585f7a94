import type { Dependencies } from '../dependencies.js';
import type { Activity } from './activity.js';

export interface ActivityCradle extends Dependencies {
  activity: Activity;
}
