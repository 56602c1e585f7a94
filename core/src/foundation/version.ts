import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The version of the package `@ilearn/core`. Plugins depend on the contract, which has a separate number. */
export const KERNEL_VERSION: string = (require('../../package.json') as { version: string }).version;
