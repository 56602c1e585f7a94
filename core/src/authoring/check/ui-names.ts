import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PluginDefinition } from '../../contract/plugin.js';
import { shellSlots } from '../../contract/shell-slots.js';
import { didYouMean } from '../../foundation/nearest-name.js';
import { builtCode } from './built-pages.js';
import type { Findings } from './finding.js';
import { searchPoint } from './search-sources.js';
import type { Subject } from './subject.js';

const all = (code: string, pattern: RegExp): Set<string> =>
  new Set([...code.matchAll(pattern)].map((found) => found.at(-1) as string));

/** Checks names that a compiler cannot check: texts, icons and slots in the manifest and the built pages. */
export async function checkUiNames(
  { definition }: Subject,
  others: readonly PluginDefinition[],
  known: { texts: ReadonlySet<string>; uiFolder: string | null },
  findings: Findings,
): Promise<void> {
  if (definition.ui === undefined) return;
  const code = builtCode(definition);
  checkTexts(definition, code, known.texts, findings);
  await checkIcons(definition, code, known.uiFolder, findings);
  for (const { slot } of definition.ui.slots ?? []) {
    const owner = others.find(({ id }) => id === slot.split('.')[0]);
    const slots: string[] =
      owner === undefined ? [...shellSlots] : [...all(builtCode(owner), /<il-slot\b[^>]*?\bname=\\?["']?([\w.-]+)/g)];
    if (slots.includes(slot) || (owner !== undefined && builtCode(owner) === '')) continue;
    findings.failed(
      'ui',
      `No page has the slot "${slot}".${didYouMean(slot, slots)}`,
      slots.length > 0 ? `Slots of ${owner?.id ?? 'the shell'}: ${slots.join(', ')}.` : 'Its owner has none.',
    );
  }
  findings.passedUnlessFailed('ui', 'its texts, icons and slots exist');
}

function checkTexts({ ui }: PluginDefinition, code: string, texts: ReadonlySet<string>, findings: Findings): void {
  const titles = (ui?.pages ?? []).flatMap(({ path, title, nav }) =>
    [title, nav?.label].flatMap((key) => (key === undefined ? [] : [[`page ${path}`, key] as const])),
  );
  const called = [...all(code, /\.t\(\s*(["'`])([\w-]+(?:\.[\w-]+)*)\1\s*[,)]/g)].map((key) => ['a page', key] as const);
  // `states.${state}`: at least one text begins so.
  const begun = all(code, /\.t\(\s*`([\w-]+(?:\.[\w-]+)*\.[\w-]*)\$\{/g);
  for (const start of begun) {
    if ([...texts].some((key) => key.startsWith(start))) continue;
    findings.failed(
      'messages',
      `There is no text that begins with "${start}" (a page).`,
      'Write them in nl.json, en.json and fr.json.',
    );
  }
  const branches = new Set([...texts].flatMap((key) => key.split('.').map((_, at, steps) => steps.slice(0, at).join('.'))));
  for (const [where, key] of [...titles, ...called]) {
    if (texts.has(key) || branches.has(key)) continue;
    findings.failed(
      'messages',
      `There is no text for "${key}" (${where}).${didYouMean(key, texts)}`,
      'Write it in nl.json, en.json and fr.json.',
    );
  }
}

async function checkIcons(
  { ui, contributes }: PluginDefinition,
  code: string,
  uiFolder: string | null,
  findings: Findings,
): Promise<void> {
  const list = uiFolder === null ? '' : join(dirname(uiFolder), 'icons', 'names.js');
  if (!existsSync(list)) return;
  const { ICON_NAMES, ICON_ALIASES } = (await import(pathToFileURL(list).href)) as {
    ICON_NAMES: readonly string[];
    ICON_ALIASES: Readonly<Record<string, string>>;
  };
  const known = [...ICON_NAMES, ...Object.keys(ICON_ALIASES)];
  const used = [
    ...(ui?.pages ?? []).flatMap(({ nav }) => (nav === undefined ? [] : [nav.icon])),
    ...(typeof contributes === 'object' ? ((contributes[searchPoint] ?? []) as { icon: string }[]).map(({ icon }) => icon) : []),
    ...all(code, /<il-icon\b[^>]*?\bname="([\w-]+)"/g),
    ...all(code, /<il-empty\b[^>]*?\bicon="([\w-]+)"/g),
  ];
  for (const icon of new Set(used)) {
    // Names passed to registerIcons are property names in the code.
    if (known.includes(icon) || new RegExp(`["'\`]?${icon}["'\`]?\\s*:`).test(code)) continue;
    findings.failed(
      'ui',
      `There is no icon "${icon}".${didYouMean(icon, known)}`,
      'Choose one that docs/ui.md lists, or add it with registerIcons().',
    );
  }
}
