import { z } from 'zod';
import { mailConfig } from './mail/config.js';

/** What the operator chooses in `ilearn.config.ts`. */
export const config = z.strictObject({ mail: mailConfig.prefault({}) });
export type Config = z.output<typeof config>;
