import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** What a plugin's `kernel` range is held against. */
export const KERNEL_VERSION: string = (require('../../package.json') as { version: string }).version;
