import type { Settings } from '../config/settings.js';
import type { Finding } from '../foundation/diagnosis.js';

/** Input of the checks. */
export interface DoctorInput {
  /** The portal's folder. */
  root: string;
  settings: Settings;
  /** Packages that the configuration names. */
  packages: readonly string[];
  /** Ids of the plugins that could be loaded. */
  plugins: readonly string[];
  /** Whether any of them keeps files. */
  keepsFiles: boolean;
}

export type Check = (input: DoctorInput) => Promise<Finding[]>;

export const messageOf = (error: unknown): string =>
  error instanceof AggregateError ? error.errors.map(messageOf).join('; ') : (error as Error).message;
