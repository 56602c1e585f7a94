/** More specific ones first: other browsers also identify as Chrome or Safari. */
const browsers: [RegExp, string][] = [
  [/\b(?:Edge|EdgA|EdgiOS|Edg)\//, 'Edge'],
  [/\b(?:OPR|Opera|OPiOS|OPT)\b/, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Chrome|CriOS|Chromium|HeadlessChrome)\//, 'Chrome'],
  [/\bVersion\/[\d.]+.*\bSafari\//, 'Safari'],
];
const systems: [RegExp, string][] = [
  [/\bAndroid\b/, 'Android'],
  [/\biPhone\b|\biPod\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
];

/** Longer than any browser sends. */
const LONGEST = 1_000;

const firstIn = (families: [RegExp, string][], text: string): string | undefined =>
  families.find(([pattern]) => pattern.test(text))?.[1];

/**
 * The family of a device, such as `Chrome (Android)`: enough for people to recognise their own devices. Every word comes from the lists
 * above, so nothing from the header itself is kept: no version, model or language. Null if the header names neither a known browser nor a
 * known system.
 */
export function deviceOf(userAgent: string | undefined): string | null {
  if (userAgent === undefined || userAgent.length > LONGEST) return null;
  const browser = firstIn(browsers, userAgent);
  const system = firstIn(systems, userAgent);
  if (browser === undefined) return system ?? null;
  return system === undefined ? browser : `${browser} (${system})`;
}
