/** Day of the last test of every page and dialog (`ILEARN_LONG_TESTS=1`, accessibility-sweep.browser.test.ts), which writes this file. */
export const TESTED_ON = '2026-11-27';
