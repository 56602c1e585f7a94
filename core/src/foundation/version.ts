import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The version that a plugin's `kernel` range is compared with. */
export const KERNEL_VERSION: string = (require('../../package.json') as { version: string }).version;
