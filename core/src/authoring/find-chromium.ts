import { existsSync } from 'node:fs';

/** Path of Chromium on this machine: `CHROMIUM`, otherwise the first known path that exists; undefined if there is none. */
export const findChromium = (): string | undefined =>
  [
    process.env['CHROMIUM'],
    // Preferred, because the full browser opens a window for every context.
    '/usr/bin/chromium-headless-shell',
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/snap/bin/chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  ].find((file) => file !== undefined && file !== '' && existsSync(file));
