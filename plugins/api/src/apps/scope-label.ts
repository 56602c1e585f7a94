import type { PortalElement } from '@ilearn/ui';

/** A scope of the portal: its name, and the key of its title in the messages of its plugin. */
export interface ScopeTitle {
  name: string;
  plugin: string;
  title: string;
}

/** What a scope lets an app do, in the reader's language; its name if the plugin that has it is out of service. */
export function scopeLabel(element: PortalElement, scopes: readonly ScopeTitle[], name: string): string {
  const scope = scopes.find((each) => each.name === name);
  return scope === undefined ? name : element.t(`${scope.plugin}:${scope.title}`);
}
