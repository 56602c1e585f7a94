import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The version of the package `@ilearn/core`. What plugins depend on is the contract, which has a number of its own. */
export const KERNEL_VERSION: string = (require('../../package.json') as { version: string }).version;
