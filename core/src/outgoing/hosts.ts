import { isIP, isIPv6 } from 'node:net';
import type { HttpDeclaration } from '../contract/http.js';
import { bareHost } from './policy.js';

/** A host that a plugin may call. */
export interface HostRule {
  /** As written in the declaration; the host's label in metrics. */
  label: string;
  protocol: 'https:' | 'http:';
  /** Lower case; a leading `*.` stands for one label. */
  host: string;
  port: string;
  /** Named by the operator, so it may be private. */
  trusted: boolean;
}

const name = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** The rule for a host in a manifest; null if the text is not a host. Only lower-case names with a dot; at least two labels after `*.`. */
export function declaredHost(text: string): HostRule | null {
  const [, host = '', port = '443'] = /^([^:]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const fixed = host.replace(/^\*\./, '');
  if (!name.test(fixed) || !fixed.includes('.') || /\.(?:\d+|localhost)$/.test(fixed) || !isPort(port)) return null;
  return { label: text, protocol: 'https:', host, port, trusted: false };
}

/** The same for a host listed by the operator: also single labels, addresses, and a leading `http://`. */
export function operatorHost(text: string): HostRule | null {
  const [, scheme = 'https://', rest = ''] = /^(https?:\/\/)?([^/?#@]+)\/?$/.exec(text.toLowerCase()) ?? [];
  const wildcard = rest.startsWith('*.');
  const plain = isIPv6(rest) ? `[${rest}]` : rest.replace(/^\*\./, '');
  if (!URL.canParse(`${scheme}${plain}`)) return null;
  const { protocol, hostname, port } = new URL(`${scheme}${plain}`);
  const host = bareHost(hostname);
  if (isIP(host) === 0 ? !name.test(host) : wildcard) return null;
  return {
    label: text,
    protocol: protocol as HostRule['protocol'],
    host: wildcard ? `*.${host}` : host,
    port: port || defaultPort(protocol),
    trusted: true,
  };
}

/** The hosts that a plugin may call: the operator's first, since these may be private. */
export const rulesOf = ({ hosts = [] }: HttpDeclaration, ofOperator: readonly string[]): HostRule[] =>
  [...ofOperator.map(operatorHost), ...hosts.map(declaredHost)].filter((rule) => rule !== null);

/** The first rule for the host and port of a URL, whatever its protocol. */
export function ruleFor(rules: readonly HostRule[], url: URL): HostRule | undefined {
  const host = bareHost(url.hostname);
  return rules.find(
    (rule) =>
      matches(rule.host, host) &&
      (rule.port === (url.port || defaultPort(url.protocol)) ||
        // Matches despite the protocol, so that http is refused with the right reason and not as an unknown host.
        (url.port === '' && rule.port === defaultPort(rule.protocol))),
  );
}

function matches(pattern: string, host: string): boolean {
  if (!pattern.startsWith('*.')) return host === pattern;
  const [first = '', ...rest] = host.split('.');
  return first !== '' && `*.${rest.join('.')}` === pattern;
}

const defaultPort = (protocol: string): string => (protocol === 'http:' ? '80' : '443');
const isPort = (text: string): boolean => Number(text) >= 1 && Number(text) <= 65_535;
