import { existsSync } from 'node:fs';
import valid from 'semver/functions/valid.js';
import { z } from 'zod';
import { optionalFor, usedBy } from '../contract/dependencies.js';
import type { PluginDefinition } from '../contract/plugin.js';
import { privileges } from '../contract/privileged.js';
import { startSlot } from '../contract/shell-slots.js';
import { CONTRACT_VERSION } from '../contract/version.js';
import { pluginIdPattern, schemaOf } from '../database/names.js';
import { describeIssue } from '../foundation/describe-issue.js';
import type { Fault } from '../foundation/diagnosis.js';
import { withFileTables } from '../foundation/file-tables.js';
import { deepFreeze } from '../foundation/freeze.js';
import { type CheckedPlugin, injectedName, type LoadedPlugin } from '../foundation/plugin.js';
import { checkDeclaration } from './check-declaration.js';
import { checkFiles } from './check-files.js';
import { checkHttp } from './check-http.js';
import { checkJobs } from './check-jobs.js';
import { checkLive } from './check-live.js';
import { checkMachines } from './check-machines.js';
import { checkModels } from './check-models.js';
import { checkSettings } from './check-settings.js';
import { manifestShape } from './manifest-shape.js';

type Report = (where: string, message: string, remedy: string) => void;

/** Services that every plugin may use. */
const everybodysNames = [
  'knex',
  'config',
  'principal',
  'log',
  'portal',
  'clock',
  'contributions',
  'events',
  'jobs',
  'live',
  'unitOfWork',
  'locks',
  'files',
  'settings',
  'calendar',
  'http',
];
const kernelNames = [...everybodysNames, ...privileges];
const reservedIds = ['kernel', 'ui', 'assets', 'health', 'metrics', 'openapi'];
/** Schemas that exist independently of plugins. */
const reservedSchemas = /^(?:public|information_schema|pg_.*)$/;

/** Why a plugin cannot have this id; null if it can. */
export function faultOfId(id: string): { message: string; remedy: string } | null {
  if (!pluginIdPattern.test(id) || id.length > 40) {
    return {
      message: `"${id}" is not a plugin id.`,
      remedy: 'Use lower-case words joined by single hyphens, 40 characters at most.',
    };
  }
  if (reservedIds.includes(id) || everybodysNames.includes(injectedName(id)) || reservedSchemas.test(schemaOf(id))) {
    return { message: `"${id}" is reserved for the kernel.`, remedy: 'Choose another id.' };
  }
  return null;
}

/** Checks one plugin by itself. `checked` is null if further checks are impossible. */
export function checkManifest(plugin: LoadedPlugin): { checked: CheckedPlugin | null; faults: Fault[] } {
  const { definition, origin, contract = CONTRACT_VERSION } = plugin;
  const faults: Fault[] = [];
  const id = definition.id;
  const report: Report = (where, message, remedy) => faults.push({ plugin: id, where, message, remedy });

  const shape = manifestShape.safeParse(definition);
  if (!shape.success) {
    for (const issue of shape.error.issues) {
      report(
        issue.path.map(String).join('.') || 'manifest',
        describeIssue(issue, manifestShape),
        'Fix the manifest; the type PluginDefinition of @ilearn/core shows its shape.',
      );
    }
    return { checked: null, faults };
  }
  const ofId = faultOfId(id);
  if (ofId !== null) {
    report('id', ofId.message, ofId.remedy);
    return { checked: null, faults };
  }
  checkVersion(definition, report);
  checkUses(definition, report);
  // Frozen, because routes are served from this object, which other packages can import.
  deepFreeze(definition);
  checkServices(definition, report);
  for (const [name, table] of Object.entries(definition.tables ?? {})) checkDeclaration(name, table, report);
  checkFiles(definition, report);
  checkModels(definition, report);
  checkMayGrant(definition, report);
  checkTenantKinds(definition, report);
  checkPointKeys(definition, report);
  checkMigrations(definition, report);
  checkJobs(definition.jobs ?? {}, report);
  checkLive(definition.live ?? {}, report);
  checkMachines(definition, report);
  checkSettings(definition, report);
  checkHttp(definition.http, report);
  checkUi(definition, report);
  checkMessages(definition, report);

  const config = checkConfig(plugin, report);
  const contributes = config === undefined ? {} : contributionsOf(definition, config.value, report);
  return {
    checked: { id, definition: withFileTables(definition), origin, contract, config: config?.value, contributes },
    faults,
  };
}

/** Returns copies, because checking replaces each contribution by its schema's output. */
function contributionsOf({ contributes = {} }: PluginDefinition, config: unknown, report: Report): Record<string, unknown[]> {
  try {
    const all = typeof contributes === 'function' ? contributes(config) : contributes;
    return Object.fromEntries(Object.entries(all).map(([point, values]) => [point, [...values]]));
  } catch (error) {
    report('contributes', `It failed: ${(error as Error).message}`, 'Fix the function; it receives the validated configuration.');
    return {};
  }
}

function checkVersion(definition: PluginDefinition, report: Report): void {
  if (valid(definition.version) === null) {
    report(
      'version',
      `"${definition.version}" is not a semantic version.`,
      'Give the version of its package.json, such as 1.0.0.',
    );
  }
}

function checkUses(definition: PluginDefinition, report: Report): void {
  const twice = optionalFor(definition).find((id) => definition.requires?.[id] !== undefined);
  if (twice !== undefined) {
    report(`optional.${twice}`, `"${twice}" is under requires too.`, `Name ${twice} under requires or under optional.`);
  }
  if (definition.optional?.[definition.id] !== undefined) {
    report('optional', 'It names itself as optional.', 'Remove its own id from optional.');
  }
}

function checkConfig(plugin: LoadedPlugin, report: Report): { value: unknown } | undefined {
  const schema = plugin.definition.config ?? z.strictObject({});
  const parsed = schema.safeParse(plugin.rawConfig ?? {});
  // Frozen, because all requests share the configuration.
  if (parsed.success) return { value: deepFreeze(parsed.data) };
  for (const issue of parsed.error.issues) {
    const path = issue.path.map(String).join('.');
    report(
      path === '' ? 'config' : `config.${path}`,
      describeIssue(issue, schema),
      `Fix ${path === '' ? 'the configuration' : path} under "${plugin.origin}" in ilearn.config.ts.`,
    );
  }
  return undefined;
}

function checkPointKeys({ points = {}, pointKeys = {} }: PluginDefinition, report: Report): void {
  for (const point of Object.keys(pointKeys).filter((name) => points[name] === undefined)) {
    report(`pointKeys.${point}`, `It opens no point "${point}".`, `Choose from ${Object.keys(points).join(', ') || 'none'}.`);
  }
}

function checkServices(definition: PluginDefinition, report: Report): void {
  const services = Object.keys(definition.services ?? {});
  const required = usedBy(definition).map(injectedName);
  for (const name of services) {
    if (kernelNames.includes(name)) {
      report(`services.${name}`, `"${name}" is a service of the kernel.`, 'Choose another name.');
    }
    if (required.includes(name)) {
      report(`services.${name}`, `"${name}" is the name of a plugin that it uses.`, 'Choose another name.');
    }
  }
  // A required plugin may have the same name as a privilege; its exports would replace the privileged service.
  for (const name of required.filter((each) => definition.privileges?.some((privilege) => privilege === each))) {
    report(
      `requires.${name}`,
      `"${name}" is the name of a privilege that it has.`,
      'Rename the service, or remove the privilege.',
    );
  }
  for (const name of definition.exports?.services ?? []) {
    if (!services.includes(name)) {
      report(
        'exports.services',
        `It exports the service "${name}" but has no service of that name.`,
        `Add ${name} to services, or remove it from exports.`,
      );
    }
  }
  for (const name of definition.privileges ?? []) {
    if (!privileges.includes(name)) {
      report('privileges', `There is no privilege "${name}".`, `Choose from ${privileges.join(', ')}.`);
    }
  }
}

function checkMayGrant({ mayGrant, privileges: held = [] }: PluginDefinition, report: Report): void {
  if (mayGrant === undefined || held.includes('access')) return;
  report('mayGrant', 'It declares mayGrant without the privilege access.', "Add 'access' to privileges, or remove mayGrant.");
}

function checkTenantKinds({ tenantKinds = [], privileges: held = [] }: PluginDefinition, report: Report): void {
  if (tenantKinds.length > 0 && !held.includes('tenants')) {
    report(
      'tenantKinds',
      'It declares tenantKinds without the privilege tenants.',
      "Add 'tenants' to privileges, or remove tenantKinds.",
    );
  }
}

function checkMigrations(definition: PluginDefinition, report: Report): void {
  const names = (definition.migrations ?? []).map(({ name }) => name);
  const sorted = [...names].sort();
  if (names.some((name, index) => name !== sorted[index])) {
    report('migrations', `They are not in the order of their names: ${names.join(', ')}.`, 'Number them: 0001_…, 0002_….');
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) report('migrations', `Two migrations are called "${twice}".`, 'Give each a unique name.');
}

const paramsOf = (path: string): string[] => [...path.matchAll(/:(\w+)/g)].map(([, name]) => name as string);

function checkUi(definition: PluginDefinition, report: Report): void {
  const ui = definition.ui;
  if (ui === undefined) return;
  for (const { tag } of [...(ui.pages ?? []), ...(ui.slots ?? [])]) {
    if (!tag.startsWith(`${definition.id}-`)) {
      report('ui', `The element <${tag}> does not start with the plugin's prefix.`, `Call it <${definition.id}-…>.`);
    }
  }
  for (const { slot, tag, size, permission } of ui.slots ?? []) {
    if (size !== undefined && slot !== startSlot)
      report('ui.slots', `<${tag}> has a size, but "${slot}" gives it none.`, `Leave size out, or place it in "${startSlot}".`);
    if (slot === startSlot && permission === 'public')
      report('ui.slots', `<${tag}> is a public part of the start page, which needs a session.`, "Write permission: 'signed-in'.");
  }
  checkLoads(definition, report);
  for (const { path, route } of ui.documents ?? []) {
    const served = definition.routes?.find((each) => each.method === 'GET' && each.path === route);
    if (served?.permission !== 'public')
      report('ui.documents', `${path} is served by ${route}, which is no public GET route.`, 'Name a route of the plugin.');
    const lacking = paramsOf(route).find((name) => !paramsOf(path).includes(name));
    if (lacking !== undefined)
      report('ui.documents', `${path} has no parameter :${lacking} for ${route}.`, 'Give both the same parameters.');
  }
  if (!existsSync(ui.entry)) {
    report('ui.entry', `The file ${ui.entry.pathname} does not exist.`, 'Build the plugin (npm run build) before it is loaded.');
  }
}

/** A path without the names of its parameters, which may differ between a page and a route. */
const shapeOf = (path: string): string => path.replace(/:\w+/g, ':');

/** What pages and parts of the start page ask for at once must be GET routes, with no parameter that the page does not have. */
function checkLoads({ ui, routes = [] }: PluginDefinition, report: Report): void {
  const places = [
    ...(ui?.pages ?? []).map(({ tag, path, loads = [] }) => ({ member: 'ui.pages', tag, given: paramsOf(path), loads })),
    ...(ui?.slots ?? []).map(({ tag, loads = [] }) => ({ member: 'ui.slots', tag, given: [] as string[], loads })),
  ];
  for (const { slot, tag, loads = [] } of ui?.slots ?? []) {
    if (loads.length > 0 && slot !== startSlot)
      report(
        'ui.slots',
        `<${tag}> has loads, but only parts of the start page may.`,
        `Leave loads out, or place it in "${startSlot}".`,
      );
  }
  for (const { member, tag, given, loads } of places) {
    for (const path of loads) {
      if (!routes.some((route) => route.method === 'GET' && shapeOf(route.path) === shapeOf(path)))
        report(member, `<${tag}> loads ${path}, which is no GET route of the plugin.`, 'Name a GET route of the plugin.');
      const lacking = paramsOf(path).find((name) => !given.includes(name));
      if (lacking !== undefined)
        report(
          member,
          `<${tag}> loads ${path}, but its address has no parameter :${lacking}.`,
          'Use parameters of the page only.',
        );
    }
  }
}

function checkMessages({ ui, privacy }: PluginDefinition, report: Report): void {
  for (const [where, folder] of [
    ['ui.messages', ui?.messages],
    ['privacy.messages', privacy?.messages],
  ] as const) {
    if (folder === undefined) continue;
    for (const language of ['nl', 'en', 'fr']) {
      if (existsSync(new URL(`${language}.json`, folder))) continue;
      report(where, `There is no ${language}.json in ${folder.pathname}.`, 'Every plugin needs texts in nl, en and fr.');
    }
  }
}
