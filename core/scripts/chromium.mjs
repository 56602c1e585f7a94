// Browser tests use the system's Chromium.
import { findChromium } from '../dist/authoring/find-chromium.js';
import { installDebianPackage } from './system.mjs';

/** Path of a Chromium; on Debian as root it is installed, elsewhere its absence ends the run with what to do. */
export function ensureChromium() {
  const found = findChromium();
  if (found !== undefined) return found;
  const installed = installDebianPackage('chromium-headless-shell') ? findChromium() : undefined;
  if (installed !== undefined) return installed;
  console.error(
    'The browser tests need Chromium and found none. Install it (Debian: apt-get install chromium-headless-shell), or set CHROMIUM to its path.',
  );
  process.exit(2);
}
