import type { PluginDefinition } from '../../contract/plugin.js';
import { CompositionError, type Fault } from '../../foundation/diagnosis.js';
import { findUi } from '../../http/shell-page.js';
import { checkAnswers, checkDocument, checkEmptyAnswers } from './answers.js';
import { Findings } from './finding.js';
import { checkImports, checkPeers, checkStale } from './imports.js';
import { checkInput, checkLists } from './input.js';
import { checkMachineRights, checkScopeTitles } from './machines.js';
import { checkMigrations } from './migrations.js';
import { checkObjection } from './objection.js';
import { checkBuiltUi, checkMessages, checkPackage, packedFiles } from './package-files.js';
import { checkPages, openChromium, placesOf } from './pages.js';
import { checkPrivacyTexts } from './privacy-texts.js';
import { type Answered, ask, probesOf } from './probe.js';
import { openScratchPortal, type ScratchPortal } from './scratch-portal.js';
import { checkSearchSources } from './search-sources.js';
import { checkOwnData, checkSeparation } from './separation.js';
import { checkSettingTexts } from './setting-texts.js';
import { loadRequired, type Subject } from './subject.js';
import { checkTopics } from './topics.js';
import { checkUiNames } from './ui-names.js';
import { checkWaysOut } from './ways-out.js';

export interface ConformanceOptions {
  /** Opens the pages in Chromium. */
  browser: boolean;
  /** Configuration by plugin id. */
  config?: Record<string, unknown>;
  /** Time limit of a start, a route, a job or a page. */
  seconds?: number;
}

/** Verifies plugins against the kernel's guarantees (K11), all in one portal on a separate database. */
export async function checkConformance(
  subjects: readonly Subject[],
  { browser, config = {}, seconds = 30 }: ConformanceOptions,
): Promise<Map<Subject, Findings>> {
  const results = new Map(subjects.map((subject) => [subject, new Findings()]));
  const plugins = new Map<string, PluginDefinition>();
  for (const subject of subjects) {
    for (const required of await loadRequired(subject)) plugins.set(required.id, required);
    plugins.set(subject.definition.id, subject.definition);
  }
  const packed = await packedFiles(subjects);
  for (const [subject, findings] of results) {
    const files = packed.get(subject) ?? [];
    checkImports(subject, findings);
    await checkPeers(subject, findings);
    checkStale(subject, files, findings);
    checkPackage(subject, files, findings);
    checkWaysOut(subject, findings);
    const texts = checkMessages(subject, findings);
    checkSettingTexts(subject, texts, findings);
    checkScopeTitles(subject, texts, findings);
    const known = { texts, uiFolder: findUi(subject.folder) };
    await checkUiNames(subject, [...plugins.values()], known, findings);
    checkBuiltUi(subject, findings);
    checkLists(subject, findings);
  }
  const portal = await openPortal([...plugins.values()], subjects, { config, seconds }, results);
  if (portal === null) return results;
  try {
    await checkInPortal(portal, results, browser);
    for (const [{ definition }, findings] of results) portal.limits.tell(definition.id, findings);
  } finally {
    await portal.stop();
  }
  return results;
}

/** Null if the plugins do not start; the faults are recorded in the findings. */
async function openPortal(
  plugins: PluginDefinition[],
  subjects: readonly Subject[],
  options: { config: Record<string, unknown>; seconds: number },
  results: Map<Subject, Findings>,
): Promise<ScratchPortal | null> {
  try {
    const uiFolder = subjects.map(({ folder }) => findUi(folder)).find((found) => found !== null) ?? null;
    const portal = await openScratchPortal(plugins, { ...options, uiFolder });
    for (const [{ definition, contract }, findings] of results) {
      findings.passed('contract', `${definition.id} ${definition.version}, written for contract ${contract}, starts`);
      const tables = Object.keys(definition.tables ?? {}).length;
      findings.passed('declarations', `${tables} tables match their declarations, with their people and tenants`);
    }
    return portal;
  } catch (error) {
    const faults = error instanceof CompositionError ? error.faults : null;
    for (const [{ definition }, findings] of results) tellFaults(definition.id, faults, error as Error, findings);
    return null;
  }
}

function tellFaults(id: string, faults: readonly Fault[] | null, error: Error, findings: Findings): void {
  for (const { plugin, where, message, remedy } of faults ?? []) {
    const check = where.startsWith('tables') ? 'declarations' : where.startsWith('migrations') ? 'migrations' : 'contract';
    findings.failed(plugin === id ? check : 'contract', `${plugin === id ? '' : `${plugin} › `}${where}: ${message}`, remedy);
  }
  if (faults === null)
    findings.failed('contract', `It does not start: ${error.message}`, 'Fix start(), or the configuration that it was given.');
  findings.skipped('the rest', 'Not checked: the plugin does not start.');
}

async function checkInPortal(portal: ScratchPortal, results: Map<Subject, Findings>, browser: boolean): Promise<void> {
  const { tenant } = portal.own;
  const routesOf = ({ definition }: Subject) => definition.routes ?? [];
  for (const [subject, findings] of results) {
    await checkPrivacyTexts(subject, portal, findings);
    await checkMigrations(subject, portal, findings);
    await checkOwnData(subject, portal, findings);
    await checkDocument(subject, portal, findings);
    await checkEmptyAnswers(portal, probesOf(subject.definition.id, routesOf(subject), tenant, null), findings);
  }
  const filled = await portal.fill();
  for (const [subject, findings] of results) {
    const probes: Answered[] = [];
    for (const probe of probesOf(subject.definition.id, routesOf(subject), tenant, filled)) {
      probes.push({ ...probe, asked: await ask(portal.own.client, probe) });
    }
    await checkAnswers(portal, probes, findings);
    await checkSeparation(subject, portal, probes, filled, findings);
    await checkMachineRights(subject, portal, probes, filled, findings);
    await checkTopics(subject, portal, filled, findings);
    await checkSearchSources(subject, portal, filled, findings);
    await checkObjection(subject, portal, probes, findings);
  }
  // Runs last, so that rows stored by these requests are not mistaken for generated ones.
  for (const [subject, findings] of results) await checkInput(subject, portal, filled, findings);
  const withPages = [...results].filter(([{ definition }]) => placesOf(definition).length > 0);
  const [first] = withPages;
  if (first === undefined) return;
  const chromium = browser ? await openChromium(first[0].folder) : 'Leave out --no-browser.';
  if (typeof chromium === 'string') {
    for (const [, findings] of withPages)
      findings.skipped('pages', 'THE PAGES WERE NOT OPENED: their accessibility was not checked.', chromium);
    return;
  }
  try {
    for (const [subject, findings] of withPages) await checkPages(subject, portal, chromium, filled, findings);
  } finally {
    await chromium.close();
  }
}
