import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkConformance } from '../../authoring/check/conformance.js';
import { loadSubject } from '../../authoring/check/subject.js';
import { CONFIG_FILE, readPortalConfig } from '../../config/portal-config.js';
import { CommandError } from '../../contract/work.js';
import { renderFindings } from '../../foundation/diagnosis.js';
import { parseOptions, printUsage } from '../options.js';

const options = {
  'no-browser': { type: 'boolean', help: 'Do not open the pages in Chromium' },
  seconds: { type: 'string', help: 'How long a start, a route, a job or a page may take (30)' },
  json: { type: 'boolean', help: 'Print the findings as JSON' },
} as const;

/** Exit codes: 0 nothing failed, 1 something failed, 2 there is nothing to check. */
export async function runCheck(argv: string[], root: string): Promise<number> {
  const { args, options: given, help } = parseOptions('plugin check', argv, options);
  if (help) {
    printUsage(
      'plugin check',
      'Checks a plugin against the guarantees of the kernel, on a database in memory. The plugins that it requires are started too.',
      '[folder|package]',
      options,
    );
    return 0;
  }
  const seconds = secondsOf(given['seconds']);
  const subject = await loadSubject(args[0] ?? '.', root, seconds);
  const named = existsSync(join(root, CONFIG_FILE)) ? (await readPortalConfig(root)).config?.plugins : undefined;
  const config = { [subject.definition.id]: named?.[subject.manifest.name] ?? {} };
  const results = await checkConformance([subject], { browser: given['no-browser'] !== true, config, seconds });
  const findings = results.get(subject);
  if (findings === undefined) return 2;
  const { definition, manifest, contract } = subject;
  if (given['json'] === true) console.log(JSON.stringify({ plugin: definition.id, contract, findings: findings.list }, null, 2));
  else console.log(`${manifest.name} ${manifest.version} (contract ${contract})\n\n${renderFindings(findings.list)}`);
  return findings.hasFailed() ? 1 : 0;
}

function secondsOf(given: string | boolean | undefined): number {
  const seconds = Number(given ?? 30);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= 3_600) return seconds;
  throw new CommandError(`--seconds takes a whole number from 1 to 3600, not "${given}".`);
}
