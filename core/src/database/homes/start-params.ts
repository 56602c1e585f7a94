import { PGlite } from '@electric-sql/pglite';

/**
 * Command line of the embedded PostgreSQL. Its buffers are a quarter of the default: they are zeroed at each start, and what does not fit
 * in them is in the operating system's cache.
 */
export const startParams: string[] = [...PGlite.defaultStartParams, '-c', 'shared_buffers=32MB'];
