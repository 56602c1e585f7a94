import { recordedRoutes } from '../../privacy/person-table.js';
import { languages, PrivacyTexts } from '../../privacy/privacy-texts.js';
import type { Findings } from './finding.js';
import { fewOf } from './package-files.js';
import type { ScratchPortal } from './scratch-portal.js';
import type { Subject } from './subject.js';

/** Checks that the texts of exports, of the register and of the audit log exist in each language. */
export async function checkPrivacyTexts({ definition }: Subject, portal: ScratchPortal, findings: Findings): Promise<void> {
  const { privacy, runner } = portal.platform.platform;
  const plugins = await runner.run({}, ({ unit }) => privacy.plugins(unit));
  const own = plugins.find(({ plugin }) => plugin.id === definition.id);
  const tables = own?.tables.filter(({ people }) => people.length > 0) ?? [];
  if (own === undefined) return;
  const recorded = recordedRoutes(own.plugin);
  if (tables.length === 0 && recorded.length === 0 && definition.http === undefined && definition.purposes === undefined) return;
  for (const language of languages) {
    const texts = new PrivacyTexts(language);
    const missing = [
      ...tables.flatMap((table) => texts.missing(own.plugin, table)),
      ...texts.missingOfPurposes(own.plugin),
      ...texts.missingOfOutgoing(own.plugin),
      ...texts.missingDoings(own.plugin),
    ];
    if (missing.length === 0) continue;
    findings.failed(
      'privacy',
      `${language}.json has no text for ${fewOf(missing)}.`,
      'People read it in an export of their data, in the register and in the audit log; a plugin without pages names the folder under privacy.messages.',
    );
  }
  findings.passedUnlessFailed(
    'privacy',
    `${tables.length} tables about people and ${recorded.length} recorded routes, with texts in ${languages.join(', ')}`,
  );
}
