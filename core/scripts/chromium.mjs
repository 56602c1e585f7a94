// Browser tests use the system's Chromium.
import { existsSync } from 'node:fs';
import { installDebianPackage } from './system.mjs';

const places = [
  process.env.CHROMIUM,
  // The light one first: the full browser draws a window of its own for every test context.
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];
const find = () => places.find((file) => file !== undefined && file !== '' && existsSync(file));

/** Path of a Chromium; on Debian as root it is installed, elsewhere its absence ends the run with what to do. */
export function ensureChromium() {
  const found = find();
  if (found !== undefined) return found;
  const installed = installDebianPackage('chromium-headless-shell') ? find() : undefined;
  if (installed !== undefined) return installed;
  console.error(
    'The browser tests need Chromium and found none. Install it (Debian: apt-get install chromium-headless-shell), or set CHROMIUM to its path.',
  );
  process.exit(2);
}
