import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkConformance } from '../../authoring/check/conformance.js';
import { renderFindings } from '../../authoring/check/finding.js';
import { loadSubject } from '../../authoring/check/subject.js';
import { CONFIG_FILE, readPortalConfig } from '../../config/portal-config.js';
import { parseOptions, printUsage } from '../options.js';

const options = {
  'no-browser': { type: 'boolean', help: 'Do not open the pages in Chromium' },
  json: { type: 'boolean', help: 'Print the findings as JSON' },
} as const;

/** Exit code 0: nothing failed; 1: something did; 2: there is nothing to check. */
export async function checkVerb(argv: string[], root: string): Promise<number> {
  const { args, options: given, help } = parseOptions('plugin check', argv, options);
  if (help) {
    printUsage(
      'plugin check',
      'Holds a plugin against what the kernel promises of it, on a database in memory. The plugins that it requires come along.',
      '[folder|package]',
      options,
    );
    return 0;
  }
  const subject = await loadSubject(args[0] ?? '.', root);
  const named = existsSync(join(root, CONFIG_FILE)) ? (await readPortalConfig(root)).config?.plugins : undefined;
  const config = { [subject.definition.id]: named?.[subject.manifest.name] ?? {} };
  const results = await checkConformance([subject], { browser: given['no-browser'] !== true, config });
  const findings = results.get(subject);
  if (findings === undefined) return 2;
  if (given['json'] === true) console.log(JSON.stringify({ plugin: subject.definition.id, findings: findings.list }, null, 2));
  else console.log(`${subject.manifest.name} ${subject.manifest.version}\n\n${renderFindings(findings.list)}`);
  return findings.hasFailed() ? 1 : 0;
}
