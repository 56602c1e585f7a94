import type { HttpDeclaration } from '../contract/http.js';
import type { Fault } from '../foundation/diagnosis.js';
import { didYouMean } from '../foundation/nearest-name.js';
import type { LoadedPlugin } from '../foundation/plugin.js';
import { declaredHost, operatorHost } from '../outgoing/hosts.js';

type Report = (where: string, message: string, remedy: string) => void;

/** Checks that a manifest declares hosts, and that they are host names. */
export function checkHttp(http: HttpDeclaration | undefined, report: Report): void {
  if (http === undefined) return;
  const { hosts, operator, named, sockets } = http;
  if (hosts === undefined && operator === undefined && named === undefined && sockets === undefined) {
    report(
      'http',
      'It names no host.',
      "List them under hosts; write operator: 'why' or named: 'why' if the operator or data name them, or remove http.",
    );
  }
  for (const [index, host] of (hosts ?? []).entries()) {
    if (declaredHost(host) !== null) continue;
    report(
      `http.hosts.${index}`,
      `"${host}" is not a public host.`,
      'Write a name in lower case without https:// and path: api.example.org, api.example.org:8443 or *.example.org. Private hosts are named by the operator.',
    );
  }
}

/**
 * Checks the hosts that `ilearn.config.ts` assigns to plugins.
 *
 * @param complete whether all configured plugins could be loaded
 */
export function checkOperatorHosts(
  http: Readonly<Record<string, { readonly hosts: readonly string[] }>>,
  plugins: readonly LoadedPlugin[],
  complete: boolean,
): Fault[] {
  const faults: Fault[] = [];
  const fault = (where: string, message: string, remedy: string) =>
    faults.push({ plugin: 'ilearn.config.ts', where: `http.${where}`, message, remedy });
  const ids = plugins.map(({ definition }) => definition.id);
  for (const [id, { hosts }] of Object.entries(http)) {
    const plugin = plugins.find(({ definition }) => definition.id === id);
    if (plugin === undefined && complete) {
      fault(id, `There is no plugin "${id}".${didYouMean(id, ids)}`, 'Name a plugin by its id, as ilearn plan shows it.');
    } else if (plugin !== undefined && plugin.definition.http?.operator === undefined) {
      fault(id, `The plugin ${id} does not let the operator add hosts.`, 'Remove it.');
    }
    for (const [index, host] of hosts.entries()) {
      if (operatorHost(host) !== null) continue;
      fault(
        `${id}.hosts.${index}`,
        `"${host}" is not a host.`,
        'Write a name or an address, with a port if it is not 443, without a path: sms.school.lan, 10.1.2.3:8443, http://sms.school.lan.',
      );
    }
  }
  return faults;
}
