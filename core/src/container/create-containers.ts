import { AccessService } from '../access/access-service.js';
import type { Permissions } from '../access/roles.js';
import { SecretService } from '../access/secrets.js';
import { SessionService } from '../access/sessions.js';
import { TenantService } from '../access/tenant-service.js';
import { currentFrame } from '../context/frame.js';
import type { AllSettings } from '../contract/all-settings.js';
import { optionalFor, requiredBy } from '../contract/dependencies.js';
import type { Http } from '../contract/http.js';
import type { MachineScope } from '../contract/machines.js';
import type { Plugins, Queues } from '../contract/operations.js';
import type { Objections, Privacy } from '../contract/privacy.js';
import type { PrivilegedCradle } from '../contract/privileged.js';
import type { Clock, Contribution, Events, Jobs, Live, Portal } from '../contract/services.js';
import { type RoleNames, schemaAccessOf, schemaOf } from '../database/names.js';
import { createPluginKnex } from '../database/unit/plugin-knex.js';
import { locksOf } from '../database/unit/plugin-locks.js';
import { type FileParts, FilesService } from '../files/files-service.js';
import { freezePrincipal } from '../foundation/freeze.js';
import type { CheckedPlugin } from '../foundation/plugin.js';
import type { CalendarService } from '../settings/calendar.js';
import { settingsOf } from '../settings/own-settings.js';
import type { SettingsStore } from '../settings/settings-store.js';
import type { WorkRunner } from '../unit-of-work/work-runner.js';
import { bindModels } from './bind-models.js';
import { type KernelServices, PluginContainer } from './plugin-container.js';

/** The message services that a plugin's container needs. */
export interface MessagingServices {
  readonly publishing: { eventsOf(plugin: CheckedPlugin): Events; jobsOf(plugin: CheckedPlugin): Jobs };
  queuesOf(pluginId: string): Queues;
}

export interface ContainerParts {
  names: RoleNames;
  portal: Portal;
  clock: Clock;
  messaging: MessagingServices;
  live: { of(plugin: CheckedPlugin): Live };
  permissions: Permissions;
  runner: WorkRunner;
  privacyOf(pluginId: string): Privacy;
  objectionsOf(pluginId: string): Objections;
  pluginsOf(pluginId: string): Plugins;
  /** Whether a plugin is out of service or being stopped. */
  isOut(pluginId: string): boolean;
  master(): Uint8Array;
  files: Omit<FileParts, 'names'>;
  settings: SettingsStore;
  calendar: CalendarService;
  allSettingsOf(pluginId: string): AllSettings;
  outgoing: { of(plugin: CheckedPlugin): Http | undefined };
}

export type Containers = Map<string, PluginContainer>;

/** Adds a plugin's container to `containers`; those of the plugins that it requires must exist already. */
export function addContainer(plugin: CheckedPlugin, containers: Containers, parts: ContainerParts): void {
  const others = new Map<string, () => PluginContainer | undefined>();
  for (const id of requiredBy(plugin.definition)) {
    const container = containers.get(id);
    if (container !== undefined) others.set(id, () => container);
  }
  // Looked up on each use, because optional plugins come and go while this one runs.
  for (const id of optionalFor(plugin.definition)) others.set(id, () => containers.get(id));
  const kernel = kernelServices(plugin, containers, parts);
  containers.set(plugin.id, new PluginContainer(plugin, kernel, privilegedServices(plugin, containers, parts), others));
}

function kernelServices(
  plugin: CheckedPlugin,
  containers: Containers,
  { names, portal, clock, messaging, live, files, outgoing, isOut, settings, calendar, objectionsOf }: ContainerParts,
): KernelServices {
  const { id } = plugin;
  const role = names.runtime(id);
  const schema = schemaOf(id);
  const http = outgoing.of(plugin);
  const knex = createPluginKnex(schemaAccessOf(plugin), role);
  return {
    ...bindModels(plugin.definition.models ?? {}, knex),
    knex,
    config: plugin.config,
    portal,
    clock: Object.freeze({ now: () => clock.now() }),
    contributions: {
      of: <T>(point: string) =>
        [...containers.values()].flatMap(({ plugin: other }) =>
          // A plugin that is being stopped keeps its container until everything it started has stopped.
          (isOut(other.id) ? [] : (other.contributes[`${id}.${point}`] ?? [])).map(
            (value): Contribution<T> => ({ plugin: other.id, value: value as T }),
          ),
        ),
    },
    events: messaging.publishing.eventsOf(plugin),
    jobs: messaging.publishing.jobsOf(plugin),
    live: live.of(plugin),
    unitOfWork: {
      savepoint: (fn) => {
        const { unit, principal, viewer } = currentFrame(id);
        return unit.savepoint({ role, schema, tenants: principal.tenants, viewer }, fn);
      },
      afterCommit: (fn) => currentFrame(id).unit.afterCommit(fn),
    },
    locks: locksOf(id, role, schema),
    files: new FilesService(plugin, { ...files, names }),
    settings: settingsOf(plugin.definition, settings),
    calendar,
    objections: objectionsOf(id),
    ...(http === undefined ? {} : { http }),
  };
}

/** The services that the manifest lists under `privileges`. */
function privilegedServices(
  plugin: CheckedPlugin,
  containers: Containers,
  { permissions, runner, privacyOf, messaging, pluginsOf, allSettingsOf, master, isOut }: ContainerParts,
): Partial<PrivilegedCradle> {
  const { id, definition } = plugin;
  const make: { [K in keyof PrivilegedCradle]: () => PrivilegedCradle[K] } = {
    actAs: () => (principal, fn) => {
      const frame = currentFrame(id);
      // The client has no session, so this tells the audit log which tool called.
      const sealed = freezePrincipal(principal);
      if (frame.http !== null && ['tool', 'service'].includes(sealed.kind)) frame.http.recognised ??= sealed;
      return runner.as(frame, sealed, (inner) => fn(runner.cradleOf(id, inner) as never));
    },
    sessions: () => new SessionService(id, permissions),
    access: () => new AccessService(id, permissions),
    tenants: () => new TenantService(id, definition.tenantKinds ?? []),
    secrets: () => new SecretService(id, master),
    privacy: () => privacyOf(id),
    queues: () => messaging.queuesOf(id),
    plugins: () => pluginsOf(id),
    allSettings: () => allSettingsOf(id),
    machines: () => ({ scopes: () => scopesOf(containers, isOut) }),
  };
  return Object.fromEntries((definition.privileges ?? []).map((name) => [name, make[name]()]));
}

const scopesOf = (containers: Containers, isOut: (id: string) => boolean): MachineScope[] =>
  [...containers.values()].flatMap(({ plugin: { id, definition } }) =>
    isOut(id)
      ? []
      : Object.entries(definition.scopes ?? {}).map(([name, title]) => ({ name: `${id}.${name}`, plugin: id, title })),
  );
