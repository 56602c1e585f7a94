import satisfies from 'semver/functions/satisfies.js';
import validRange from 'semver/ranges/valid.js';
import { usedBy, uses } from '../contract/dependencies.js';
import { kernelEvents } from '../contract/kernel-events.js';
import type { Fault } from '../foundation/diagnosis.js';
import { deepFreeze } from '../foundation/freeze.js';
import { didYouMean } from '../foundation/nearest-name.js';
import type { CheckedPlugin } from '../foundation/plugin.js';
import { kernelPurposes } from '../foundation/purposes.js';
import { checkPurposes } from './check-purposes.js';

type Report = (where: string, message: string, remedy: string) => void;

/** The kernel's own commands. */
export const ownCommands = ['start', 'dev', 'migrate', 'plan', 'doctor', 'plugin', 'privacy', 'settings', 'key', 'help'];

/**
 * Checks plugins against each other: version ranges, points, events, permissions, and conflicting names.
 *
 * @param unsound ids of plugins that failed their own check; requiring them is not reported
 */
export function checkComposition(plugins: readonly CheckedPlugin[], unsound: ReadonlySet<string>): Fault[] {
  const faults: Fault[] = [];
  const byId = new Map<string, CheckedPlugin>();
  const owners = {
    tag: new Map<string, string[]>(),
    page: new Map<string, string[]>(),
    permission: new Map<string, string[]>(),
    'kind of tenant': new Map<string, string[]>(),
    purpose: new Map(Object.keys(kernelPurposes).map((id) => [id, ['the kernel']])),
    command: new Map(ownCommands.map((name) => [name, ['the kernel']])),
    key: new Map<string, string[]>(),
    function: new Map<string, string[]>(),
  };

  for (const plugin of plugins) if (!byId.has(plugin.id)) byId.set(plugin.id, plugin);

  for (const plugin of plugins) {
    const { id, definition } = plugin;
    // If two packages share an id, the faults of the second are reported under its package name.
    const own = byId.get(id) === plugin ? { plugin: id } : { plugin: id, origin: plugin.origin };
    const report: Report = (where, message, remedy) => faults.push({ ...own, where, message, remedy });
    const claim = (kind: keyof typeof owners, name: string, where: string, remedy: string) => {
      const before = owners[kind].get(name);
      owners[kind].set(name, [...(before ?? []), id]);
      if (before === undefined) return;
      const [owner] = before;
      const message = `The ${kind} ${name} is already used by ${owner === id ? 'this plugin' : owner}.`;
      // A name that occurs twice in one manifest is a fault whatever other plugins are present.
      faults.push({ ...own, where, message, remedy, ...(owner === id ? {} : { against: before }) });
    };

    checkRequires(plugin, byId, unsound, report);
    checkContributions(plugin, byId, report);
    for (const { name, where, key } of keysOfContributions(plugin, byId)) {
      claim('key', name, where, `Give it another ${key}, or remove it.`);
    }
    checkRoutes(plugin, byId, report);
    checkRoles(plugin, byId, report);
    for (const kind of definition.tenantKinds ?? []) {
      claim('kind of tenant', kind, 'tenantKinds', 'Give the kind another name: only one plugin may register tenants of it.');
    }
    for (const purpose of Object.keys(definition.purposes ?? {})) {
      claim('purpose', purpose, 'purposes', 'Give the purpose another id, or use the one that is there.');
    }
    checkPurposes(plugin, byId, report);
    if (definition.identifyMachine !== undefined) {
      claim('function', 'identifyMachine', 'identifyMachine', 'Let one plugin of the portal know the bearer tokens.');
    }
    for (const name of Object.keys(definition.on ?? {})) checkSubscription(plugin, name, byId, report);
    for (const [name, { permission }] of Object.entries(definition.live ?? {})) {
      checkPermission(plugin, permission, `live.${name}.permission`, byId, report);
    }
    const elements = new Set([...(definition.ui?.pages ?? []), ...(definition.ui?.slots ?? [])].map(({ tag }) => tag));
    for (const tag of elements) claim('tag', tag, 'ui', 'Rename the element; a longer plugin id may share the prefix.');
    for (const { path, permission } of definition.ui?.pages ?? []) {
      claim('page', path, 'ui.pages', 'Give the page a path of its own.');
      checkPermission(plugin, permission, `ui.pages ${path}`, byId, report);
    }
    for (const { path } of definition.ui?.documents ?? [])
      claim('page', path, 'ui.documents', 'Give the document a path of its own.');
    for (const { tag, permission } of definition.ui?.slots ?? [])
      checkPermission(plugin, permission, `ui.slots ${tag}`, byId, report);
    for (const name of Object.keys(definition.permissions ?? {})) {
      claim('permission', name, 'permissions', 'Give the permission another name: two plugins cannot declare its roles.');
    }
    for (const { name } of definition.commands ?? []) claim('command', name, 'commands', 'Give the command another name.');
  }
  return faults;
}

function checkRequires(
  plugin: CheckedPlugin,
  byId: Map<string, CheckedPlugin>,
  unsound: ReadonlySet<string>,
  report: Report,
): void {
  const { requires = {}, optional = {} } = plugin.definition;
  for (const [id, range] of Object.entries(optional)) {
    const used = byId.get(id);
    if (validRange(range) === null) {
      report(`optional.${id}`, `"${range}" is not a semver range.`, 'Write a range such as ^1.0.0.');
    } else if (used !== undefined && !satisfies(used.definition.version, range, { includePrerelease: true })) {
      report(
        `optional.${id}`,
        `It may use ${id} ${range}, which is optional; installed is ${id} ${used.definition.version}.`,
        `Install ${used.origin} in the range ${range}, disable or remove it, or install a version of ${plugin.origin} made for ${used.definition.version}.`,
      );
    }
  }
  for (const [id, range] of Object.entries(requires)) {
    const required = byId.get(id);
    if (validRange(range) === null) {
      report(`requires.${id}`, `"${range}" is not a semver range.`, 'Write a range such as ^1.0.0.');
    } else if (required === undefined) {
      if (unsound.has(id)) continue;
      report(
        `requires.${id}`,
        `It requires the plugin "${id}" (${range}), which is not in this portal.${didYouMean(id, byId.keys())}`,
        `Add the package of "${id}" to ilearn.config.ts.`,
      );
    } else if (!satisfies(required.definition.version, range, { includePrerelease: true })) {
      report(
        `requires.${id}`,
        `It requires ${id} ${range}; installed is ${id} ${required.definition.version}.`,
        `Install ${required.origin} in the range ${range}, or a version of ${plugin.origin} made for ${required.definition.version}.`,
      );
    }
  }
}

function checkContributions(plugin: CheckedPlugin, byId: Map<string, CheckedPlugin>, report: Report): void {
  for (const [name, values] of Object.entries(plugin.contributes)) {
    const [ownerId = '', point = ''] = name.split('.');
    const schema = byId.get(ownerId)?.definition.points?.[point];
    if (!uses(plugin.definition, ownerId)) {
      report(
        `contributes.${name}`,
        `It contributes to "${name}" without requiring ${ownerId}.`,
        `Add ${ownerId} to requires, or to optional.`,
      );
    } else if (byId.has(ownerId) && schema === undefined) {
      const points = Object.keys(byId.get(ownerId)?.definition.points ?? {});
      report(
        `contributes.${name}`,
        `${ownerId} has no point "${point}".${didYouMean(point, points)}`,
        points.length > 0 ? `It opens: ${points.join(', ')}.` : 'It opens none.',
      );
    }
    if (schema === undefined) continue;
    for (const [index, value] of values.entries()) {
      const parsed = schema.safeParse(value);
      if (parsed.success) {
        values[index] = deepFreeze(parsed.data);
        continue;
      }
      for (const issue of parsed.error.issues) {
        report(
          `contributes.${name}[${index}].${issue.path.map(String).join('.')}`,
          issue.message,
          `Change the contribution to fit the schema of ${name}.`,
        );
      }
    }
  }
}

/** The contributions to points with a `pointKeys` entry, with the value of their key. Those without a key are reported elsewhere. */
function keysOfContributions(plugin: CheckedPlugin, byId: Map<string, CheckedPlugin>) {
  return Object.entries(plugin.contributes).flatMap(([name, values]) => {
    const [ownerId = '', point = ''] = name.split('.');
    const key = byId.get(ownerId)?.definition.pointKeys?.[point];
    if (key === undefined) return [];
    return values.flatMap((value, index) => {
      const taken = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
      const where = `contributes.${name}[${index}].${key}`;
      return taken === undefined ? [] : [{ name: `"${String(taken)}" in ${name}`, where, key }];
    });
  });
}

function checkRoles(plugin: CheckedPlugin, byId: Map<string, CheckedPlugin>, report: Report): void {
  const sources = [plugin.id, ...usedBy(plugin.definition)];
  // The tenant kinds of a missing plugin are unknown, and no tenants of them are registered.
  if (!sources.every((id) => byId.has(id))) return;
  const known = sources.flatMap((id) => byId.get(id)?.definition.tenantKinds ?? []);
  for (const [role, kinds] of Object.entries(plugin.definition.roles ?? {})) {
    for (const kind of [kinds].flat().filter((each) => !known.includes(each))) {
      report(
        `roles.${role}`,
        `No plugin that it uses registers tenants of the kind "${kind}".${didYouMean(kind, known)}`,
        known.length > 0 ? `Choose from ${known.join(', ')}.` : 'Require the plugin whose tenantKinds names it.',
      );
    }
  }
}

function checkSubscription(plugin: CheckedPlugin, name: string, byId: Map<string, CheckedPlugin>, report: Report): void {
  const [ownerId = '', event = ''] = name.split('.');
  if (ownerId === 'kernel') {
    if (Object.hasOwn(kernelEvents, name)) return;
    const known = Object.keys(kernelEvents);
    report(`on.${name}`, `The kernel has no event "${name}".${didYouMean(name, known)}`, `It publishes: ${known.join(', ')}.`);
    return;
  }
  const owner = byId.get(ownerId);
  if (ownerId !== plugin.id && !uses(plugin.definition, ownerId)) {
    report(`on.${name}`, `It listens to "${name}" without requiring ${ownerId}.`, `Add ${ownerId} to requires, or to optional.`);
  } else if (owner !== undefined && owner.definition.events?.[event] === undefined) {
    const events = Object.keys(owner.definition.events ?? {});
    report(
      `on.${name}`,
      `${ownerId} publishes no event "${event}".${didYouMean(event, events)}`,
      events.length > 0 ? `It publishes: ${events.join(', ')}.` : 'It publishes none.',
    );
  }
}

function checkRoutes(plugin: CheckedPlugin, byId: Map<string, CheckedPlugin>, report: Report): void {
  const seen = new Set<string>();
  const routes = plugin.definition.routes ?? [];
  const written = new Set(routes.filter(({ method }) => ['PUT', 'PATCH'].includes(method)).map(({ path }) => shapeOf(path)));
  for (const route of routes) {
    const name = `${route.method} ${route.path}`;
    const shape = `${route.method} ${shapeOf(route.path)}`;
    if (seen.has(shape)) report(`routes ${name}`, 'Two routes answer this method and path.', 'Remove one of them.');
    seen.add(shape);
    if (!route.path.startsWith('/')) report(`routes ${name}`, 'The path does not start with "/".', `Write /${route.path}.`);
    if (Object.keys(route.responses).length === 0)
      report(`routes ${name}`, 'It declares no response.', 'Add responses: { 200: schema }.');
    if (route.session === false && route.permission !== 'public') {
      report(
        `routes ${name}`,
        'It ignores the session, but requires a permission.',
        "Set permission: 'public' and check the caller in the handler, or drop session: false.",
      );
    }
    if (route.recentSignIn === true && route.permission === 'public') {
      report(
        `routes ${name}`,
        'It requires a recent sign-in, but is open to everyone.',
        'Require a permission, or drop recentSignIn.',
      );
    }
    if (route.audit !== undefined && route.method !== 'GET') {
      report(
        `routes ${name}`,
        'It may change something, but opts out of the audit log.',
        'Remove audit: every change is recorded.',
      );
    }
    if (route.changes !== undefined && route.method !== 'GET') {
      report(`routes ${name}`, 'It declares changes, which only a GET route needs.', 'Remove changes.');
    }
    if (route.mayLag === true && (route.method !== 'GET' || route.changes !== undefined || route.permission === 'public')) {
      report(
        `routes ${name}`,
        'Its answer may lag, which only that of a GET route with a permission and without changes may.',
        'Remove mayLag.',
      );
    }
    if (route.mayLag === true && written.has(shapeOf(route.path))) {
      report(
        `routes ${name}`,
        'Its answer may lag, but another route stores the same thing, so that a form would put back what is older.',
        'Remove mayLag.',
      );
    }
    checkPermission(plugin, route.permission, `routes ${name}`, byId, report);
  }
}

/** The path without the names of its parameters. */
const shapeOf = (path: string): string => path.replace(/:\w+/g, ':');

function checkPermission(
  plugin: CheckedPlugin,
  permission: string,
  where: string,
  byId: Map<string, CheckedPlugin>,
  report: Report,
): void {
  if (permission === 'public' || permission === 'signed-in') return;
  const sources = [plugin.id, ...usedBy(plugin.definition)];
  // The permissions of a missing plugin are unknown, and no one holds them.
  if (!sources.every((id) => byId.has(id))) return;
  const known = sources.flatMap((id) => Object.keys(byId.get(id)?.definition.permissions ?? {}));
  if (!known.includes(permission)) {
    report(
      where,
      `No plugin that it uses declares the permission "${permission}".${didYouMean(permission, known)}`,
      `Add it to permissions with the roles that hold it; known here: ${known.join(', ') || 'none'}.`,
    );
  }
}
