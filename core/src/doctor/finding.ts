import type { Settings } from '../config/settings.js';

/** What one check found: fine, or wrong with its mend. */
export interface Finding {
  what: string;
  /** Absent: it is fine. */
  mend?: string;
}

export interface Patient {
  /** The portal's folder. */
  root: string;
  settings: Settings;
  /** Packages that the configuration names. */
  packages: readonly string[];
  /** Ids of the plugins that could be loaded. */
  plugins: readonly string[];
}

export type Check = (patient: Patient) => Promise<Finding[]>;

export const messageOf = (error: unknown): string =>
  error instanceof AggregateError ? error.errors.map(messageOf).join('; ') : (error as Error).message;
