import { existsSync } from 'node:fs';

/** Path of the machine's Chromium, `CHROMIUM` first; undefined where there is none. */
export const findChromium = (): string | undefined =>
  [
    process.env['CHROMIUM'],
    // The light one first: the full browser draws a window of its own for every context.
    '/usr/bin/chromium-headless-shell',
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/snap/bin/chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  ].find((file) => file !== undefined && file !== '' && existsSync(file));
