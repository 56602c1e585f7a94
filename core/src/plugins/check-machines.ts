import type { PluginDefinition } from '../contract/plugin.js';
import { didYouMean } from '../foundation/nearest-name.js';

type Report = (where: string, message: string, remedy: string) => void;

/** A scope is a token of RFC 6749 section 3.3, and unreserved in addresses apart from the colon. */
const scopePattern = /^[a-z][a-z0-9-]*:[a-z][a-z0-9-]*$/;

/** Checks that each route says which machines may call it, and that what it names is declared. */
export function checkMachines(definition: PluginDefinition, report: Report): void {
  const { scopes = {}, routes = [], identifyMachine, machineCalled, privileges = [] } = definition;
  const known = Object.keys(scopes);
  for (const name of known.filter((each) => !scopePattern.test(each) || each.length > 60)) {
    report(`scopes.${name}`, `"${name}" is not the name of a scope.`, 'Write what and how, in lower case: notes:read.');
  }
  for (const { method, path, permission, machines, deprecated } of routes) {
    const where = `routes ${method} ${path}`;
    if (permission === 'public') {
      if (machines === undefined) continue;
      report(where, 'It is public, so machines may call it without a token.', 'Take machines out.');
    } else if (machines === undefined) {
      report(
        where,
        'It does not say which machines may call it.',
        "Add machines: { none: 'why' }, or machines: { scope: 'notes:read' } with a scope that the manifest declares under scopes.",
      );
    } else if ('scope' in machines && !Object.hasOwn(scopes, machines.scope)) {
      report(
        `${where} machines.scope`,
        `The manifest declares no scope "${machines.scope}".${didYouMean(machines.scope, known)}`,
        `Add it to scopes with the key of its title; declared are: ${known.join(', ') || 'none'}.`,
      );
    }
    if (deprecated?.sunset !== undefined && deprecated.sunset < deprecated.since) {
      report(`${where} deprecated.sunset`, 'It ends before it is deprecated.', 'Give a later date.');
    }
  }
  const privileged = privileges.includes('machines');
  if (identifyMachine !== undefined && !privileged) {
    report('identifyMachine', 'It needs the privilege machines.', "Add 'machines' to privileges, or take identifyMachine out.");
  } else if (identifyMachine === undefined && privileged) {
    report(
      'privileges',
      'It has the privilege machines without identifyMachine.',
      'Add identifyMachine, which turns a bearer token into a client, or take the privilege out.',
    );
  }
  if (machineCalled !== undefined && identifyMachine === undefined) {
    report('machineCalled', 'It is told of no calls without identifyMachine.', 'Add identifyMachine, or take machineCalled out.');
  }
}
