import type { Http, HttpDeclaration, PluginDefinition } from '@ilearn/core';
import type { z } from 'zod';
import type { ProviderContribution, RealmKind } from './contribution.js';
import type { Protocol } from './protocol.js';

type Audience = 'pupil' | 'staff' | 'provider';

/** One provider of a portal. */
export interface ConfiguredProvider {
  /** Part of its addresses and identities: never change it. */
  key: string;
  /** Shown on the button. */
  label: string;
  audiences: readonly Audience[];
  realm: RealmKind;
  /** Sessions end after this many hours, 12 at most; default 12. */
  sessionHours?: number;
  protocol: Protocol;
}

/** A plugin for people who sign in with accounts of one provider. */
export interface SignInPlugin<Config extends z.ZodType> {
  /** `sign-in-` and the name of the provider. */
  id: `sign-in-${string}`;
  /** The same as in package.json. */
  version: string;
  /** Every member optional: without configuration the plugin adds nothing. */
  config: Config;
  /** The hosts of the provider, and what is sent to them. */
  http: HttpDeclaration;
  /** Folder of the messages `privacy.outgoing-http`. */
  messages: URL;
  /** The providers of this configuration; none if it is not filled in. */
  providers(config: z.output<Config>): ConfiguredProvider[];
}

/** Defines the plugin of a sign-in provider: its buttons on the sign-in page, and the protocol behind them. */
export function defineSignIn<Config extends z.ZodType>(plugin: SignInPlugin<Config>): PluginDefinition {
  const { id, version, config, http, messages, providers } = plugin;
  const services = httpServices(id);
  return {
    id,
    version,
    requires: { 'sign-in-oidc': '^0.1.0', login: '^0.1.0' },
    config,
    http,
    privacy: { messages },
    contributes: (given: z.output<Config>) => {
      const configured = providers(given);
      return {
        'login.providers': configured.map(buttonOf),
        'sign-in-oidc.providers': configured.map((each) => contributionOf(each, services.latest)),
      };
    },
    start: async (input) => services.add(input.http as Http),
  };
}

/**
 * The services `http` of a plugin, from its start in a portal to its end. Several portals may run in one process; each of the services may
 * call the provider.
 */
export function httpServices(plugin: string) {
  const services = new Set<Http>();
  return {
    add(own: Http) {
      services.add(own);
      return async () => void services.delete(own);
    },
    latest(): Http {
      const last = [...services].at(-1);
      if (last === undefined) throw new Error(`${plugin} has not started`);
      return last;
    },
  };
}

/** The button of a provider: a contribution to `login.providers`. */
export const buttonOf = ({ key, label, audiences }: ConfiguredProvider) => ({
  key,
  label,
  audiences: [...audiences],
  startPath: `/api/sign-in-oidc/${key}/start`,
  ofSchools: true,
});

export const contributionOf = (
  { key, label, realm, sessionHours = 12, protocol }: ConfiguredProvider,
  http: () => Http,
): ProviderContribution => ({ key, label, realm, sessionHours, protocol, http });
