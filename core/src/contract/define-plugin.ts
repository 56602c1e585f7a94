import type { z } from 'zod';
import type { Nothing, PointKeys, Schemas } from './declared.js';
import type { FileKinds } from './files.js';
import type { HttpDeclaration } from './http.js';
import type { LiveTopic } from './live.js';
import type { MachineAccess } from './machines.js';
import type { AllowedPermission, AllowedSlot, CheckOffer, CheckServices, Contributions, Handlers } from './manifest-types.js';
import type { ModelClasses } from './models.js';
import type { Page, PluginDefinition, PluginUi, ServiceClass, Slot } from './plugin.js';
import type { Privilege } from './privileged.js';
import type { Route } from './route.js';
import type { SettingsDeclaration } from './settings.js';
import type { Job } from './work.js';

type Ranges = Record<string, string>;
type Typed =
  | 'id'
  | 'requires'
  | 'optional'
  | 'privileges'
  | 'config'
  | 'permissions'
  | 'scopes'
  | 'services'
  | 'exports'
  | 'points'
  | 'pointKeys'
  | 'contributes'
  | 'routes'
  | 'jobs'
  | 'events'
  | 'files'
  | 'models'
  | 'settings'
  | 'http'
  | 'on'
  | 'live'
  | 'ui';

/** The plugins whose events, points and permissions a plugin may use. */
type Ids<Requires, Optional> = (keyof Requires | keyof Optional) & string;

/** The name of the service that a manifest with `http` provides. */
type WithHttp<Outgoing> = [Outgoing] extends [never] ? never : 'http';

/** A route with a declared permission, and a declared scope if it has one. */
type AskingRoute<Permission, Scope extends string> = Omit<Route, 'permission' | 'machines'> & {
  permission: Permission;
  machines?: MachineAccess<Scope>;
};

/** A member with a permission that some used plugin declares. */
type Asking<T, Permission> = Omit<T, 'permission'> & { permission: Permission };

/** An element for a declared slot, with a declared permission. */
type Placed<Name, Permission> = Omit<Slot, 'slot' | 'permission'> & { slot: Name; permission: Permission };

/** Topics, which always require a session, with a declared permission. */
type AskingTopics<Topics, Permission> = { [Name in keyof Topics]: { permission: Exclude<Permission, 'public'> } };

/**
 * Types the manifest of a plugin, the default export of its package; returns it unchanged. The compiler checks the names in the manifest
 * against each other, and those of required and optional plugins against the {@link PluginRegistry} if they have an entry. Slots may belong
 * to any plugin with an entry. Everything else is checked when the portal starts: {@link PluginDefinition} describes each member.
 */
export function definePlugin<
  const Id extends string,
  const Requires extends Ranges = Nothing,
  const Optional extends Ranges = Nothing,
  const Granted extends Privilege = never,
  Config extends z.ZodType = z.ZodType,
  const Permission extends string = never,
  Services extends Record<string, ServiceClass> = Nothing,
  const Exported extends keyof Services & string = never,
  Points extends Schemas = Nothing,
  const Filled extends string = never,
  Jobs extends Record<string, Job> = Nothing,
  Events extends Schemas = Nothing,
  const Heard extends string = never,
  Topics extends Record<string, LiveTopic> = Nothing,
  Kinds extends FileKinds = Nothing,
  Chosen extends SettingsDeclaration = Nothing,
  const Outgoing extends HttpDeclaration = never,
  const Scope extends string = never,
  Mapped extends ModelClasses = Nothing,
>(
  definition: Omit<PluginDefinition, Typed> & {
    id: Id & NoInfer<CheckOffer<Id, Events, Points, Permission, Services, Exported>>;
    requires?: Requires;
    optional?: Optional;
    privileges?: Granted[];
    config?: Config;
    permissions?: Record<Permission, string[]>;
    scopes?: Record<Scope, string>;
    services?: Services &
      NoInfer<
        CheckServices<{
          services: Services;
          requires: keyof Requires & string;
          optional: keyof Optional & string;
          granted: Granted | WithHttp<Outgoing>;
          events: Events;
          jobs: Jobs;
          live: Topics;
          files: Kinds;
          models: Mapped;
          settings: Chosen;
        }>
      >;
    exports?: { services?: Exported[]; views?: string[] };
    points?: Points;
    pointKeys?: NoInfer<PointKeys<Points>>;
    contributes?:
      | Contributions<Filled, Ids<Requires, Optional>>
      | ((config: z.output<Config>) => Contributions<Filled, Ids<Requires, Optional>>);
    routes?: readonly AskingRoute<NoInfer<AllowedPermission<Permission, Ids<Requires, Optional>>>, NoInfer<Scope>>[];
    jobs?: Jobs;
    events?: Events;
    files?: Kinds;
    models?: Mapped;
    settings?: Chosen;
    http?: Outgoing;
    on?: Handlers<Heard, Ids<Requires, Optional>, Id, Events>;
    live?: Topics & NoInfer<AskingTopics<Topics, AllowedPermission<Permission, Ids<Requires, Optional>>>>;
    ui?: Omit<PluginUi, 'pages' | 'slots'> & {
      pages?: Asking<Page, NoInfer<AllowedPermission<Permission, Ids<Requires, Optional>>>>[];
      slots?: Placed<
        NoInfer<AllowedSlot<Ids<Requires, Optional> | Id>>,
        NoInfer<AllowedPermission<Permission, Ids<Requires, Optional>>>
      >[];
    };
  },
): PluginDefinition {
  return definition as unknown as PluginDefinition;
}
