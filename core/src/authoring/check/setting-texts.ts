import { textKeys } from '../../foundation/setting-fields.js';
import type { Findings } from './finding.js';
import { fewOf } from './package-files.js';
import type { Subject } from './subject.js';

/** Checks that all texts of the settings page exist. */
export function checkSettingTexts({ definition }: Subject, texts: ReadonlySet<string>, findings: Findings): void {
  if (definition.settings === undefined) return;
  const keys = textKeys(definition.settings);
  const missing = keys.filter((key) => !texts.has(key));
  if (missing.length > 0) {
    findings.failed(
      'settings',
      `There is no text for ${fewOf(missing)}.`,
      'People read it on the settings page: write it in nl.json, en.json and fr.json.',
    );
  }
  findings.passedUnlessFailed('settings', `${keys.length} texts for the settings page`);
}
