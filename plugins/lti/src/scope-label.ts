import type { PortalElement } from '@ilearn/ui';
import type { ServiceScope } from './scopes.js';

/** What a scope lets a tool do, in the reader's language. */
export const scopeLabel = (element: PortalElement, scope: ServiceScope): string =>
  element.t(`tools.scopes.${scope.split('/').at(-1)?.replace('.', '-')}`);
