import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PluginDefinition } from '@ilearn/core';
import type { z } from 'zod';
import type { ToolContribution } from '../activities/tool-contribution.js';
import type { toolFacts } from '../activities/tool-facts.js';

/** An activity of the point `library.tools`. `kind` follows from `url`, `markdown` or `lti`, and the registration is the connector's own. */
export type ConnectorActivity = ToolContribution['activities'][number] extends infer Activity
  ? Activity extends { lti: infer Lti }
    ? Omit<Activity, 'lti'> & { lti: Omit<Lti, 'registration'>; url?: never; markdown?: never }
    : Activity extends { kind: string }
      ? Omit<Activity, 'kind'> & { kind?: Activity['kind']; lti?: never }
      : never
  : never;

/** How the LTI platform knows the tool: see the point `lti.registrations` in docs/lti.md. */
export interface ConnectorRegistration {
  clientId: string;
  deploymentId: string;
  /** Address that starts the login (OpenID Connect third-party initiated login). */
  loginUrl: string;
  loginMethod?: 'GET' | 'POST';
  redirectUris: string[];
  /** Address of the tool's public keys. */
  jwksUrl: string;
  /** Whether the tool is told names and e-mail addresses of people; by default neither. */
  release?: { name: boolean; email: boolean };
}

type Facts = Omit<z.input<typeof toolFacts>, 'logo'>;

/** A value, or a function of the connector's configuration: for a tool whose address differs by portal. */
type OfConfig<Value, Config> = Value | ((config: Config) => Value);

/** An external tool: what it is, what schools must know of it, and what it offers. */
export interface Connector<Config extends z.ZodType = z.ZodType> extends Facts {
  /** Id of the plugin: `connector-` and the tool's key. */
  id: `connector-${string}`;
  /** The same as in package.json. */
  version: string;
  name: string;
  provider: string;
  /** One or two sentences for teachers. */
  description: string;
  /** An SVG or PNG file in the package, at most 32 KiB: `new URL('./logo.svg', import.meta.url)`. */
  logo?: URL;
  config?: Config;
  lti?: OfConfig<ConnectorRegistration, z.output<Config>>;
  activities: OfConfig<ConnectorActivity[], z.output<Config>>;
  start?: PluginDefinition['start'];
}

/**
 * Defines the plugin of an external tool: contributes its activities to `library.tools` and, for an LTI tool, its registration to
 * `lti.registrations`. Checks nothing itself: the portal and `ilearn plugin check` name every fault with its place.
 */
export function defineConnector<Config extends z.ZodType>(connector: Connector<Config>): PluginDefinition {
  const { id, version, name, provider, description, logo, config, lti, activities, start, ...facts } = connector;
  const key = String(id).replace(/^connector-/, '');
  const about = { ...facts, logo: logo === undefined ? null : dataAddressOf(logo) };
  const contributes = (given: z.output<Config>): Record<string, unknown[]> => {
    const registration = resolve(lti, given);
    const offered = resolve(activities, given);
    const tool = {
      key,
      name,
      provider,
      description,
      about,
      activities: Array.isArray(offered) ? offered.map((each) => activityOf(each, key, facts)) : offered,
    };
    if (registration === undefined) return { 'library.tools': [tool] };
    const release = { name: false, email: false };
    return { 'library.tools': [tool], 'lti.registrations': [{ release, ...registration, key, name }] };
  };
  return {
    id,
    version,
    requires: { library: '^0.1.0', ...(lti === undefined ? {} : { lti: '^0.1.0' }) },
    ...(config === undefined ? {} : { config }),
    contributes: config === undefined ? contributes(undefined as z.output<Config>) : contributes,
    ...(start === undefined ? {} : { start }),
  };
}

const resolve = <Value, Config>(value: OfConfig<Value, Config>, config: Config): Value =>
  typeof value === 'function' ? (value as (config: Config) => Value)(config) : value;

/** Language and ages of the tool, where the activity does not say otherwise. */
function activityOf(activity: ConnectorActivity, key: string, { languages, ages }: Facts): object {
  const kind =
    activity.kind ?? (activity.lti !== undefined ? 'lti' : 'url' in activity ? 'link' : 'markdown' in activity ? 'text' : 'lti');
  return {
    ...(kind === 'text' ? {} : { language: languages?.[0] }),
    ageFrom: ages?.from,
    ageTo: ages?.to,
    ...activity,
    kind,
    ...(activity.lti === undefined ? {} : { lti: { ...activity.lti, registration: key } }),
  };
}

const mediaTypes: Record<string, string> = { '.svg': 'image/svg+xml', '.png': 'image/png' };

/** The file as `data:` address. A file that is missing or of another type stays an address, which the check refuses by its name. */
function dataAddressOf(file: URL): string {
  try {
    const path = fileURLToPath(file);
    const type = mediaTypes[extname(path).toLowerCase()];
    return type === undefined ? `the file ${path}` : `data:${type};base64,${readFileSync(path).toString('base64')}`;
  } catch {
    return `${String(file)}, which cannot be read`;
  }
}
