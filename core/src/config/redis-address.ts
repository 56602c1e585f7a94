/** The address of Redis: one server, a master found through sentinels, or a cluster. */
export interface RedisAddress {
  kind: 'single' | 'sentinel' | 'cluster';
  hosts: { host: string; port: number }[];
  /** The sentinels' name of the master; otherwise ''. */
  master: string;
  database: number;
  username: string | undefined;
  password: string | undefined;
  /** Credentials of the sentinels themselves; otherwise undefined. */
  sentinelUsername: string | undefined;
  sentinelPassword: string | undefined;
  tls: boolean;
}

const FORMS =
  'redis://host:6379, rediss://user:password@host:6380/0, redis-sentinel://host1:26379,host2:26379/master?db=0 or redis-cluster://host1:6379,host2:6379';
const shape = /^(rediss?)(?:-(sentinel|cluster))?:\/\/(?:([^@/?#]*)@)?([^@/?#]+)(?:\/([^?#]*))?(?:\?([^#]*))?$/;
const ports = { single: 6379, sentinel: 26_379, cluster: 6379 };

/** @throws Error that says what is wrong, without the address, which may contain a password */
export function parseRedisAddress(text: string): RedisAddress {
  const match = shape.exec(text);
  if (match === null) throw new Error(`is not an address such as ${FORMS}`);
  const [, scheme, form = 'single', credentials, hostList = '', path = '', query = ''] = match;
  const kind = form as RedisAddress['kind'];
  const hosts = hostList.split(',').map((each) => parseHost(each, ports[kind]));
  if (kind === 'single' && hosts.length > 1) throw new Error('has several hosts: use redis-sentinel:// or redis-cluster://');
  if (kind === 'sentinel' && path === '') throw new Error("lacks the master's name: redis-sentinel://host:26379/<master>");
  if (kind === 'cluster' && path !== '')
    throw new Error('has a database number, but a cluster has only one database: remove the path');
  const options = parseOptions(query, kind);
  const [username, password] = parseCredentials(credentials);
  return {
    kind,
    hosts,
    master: kind === 'sentinel' ? decode(path) : '',
    database: parseDatabase(kind === 'sentinel' ? (options.db ?? '') : path),
    username,
    password,
    sentinelUsername: options.sentinelUsername,
    sentinelPassword: options.sentinelPassword,
    tls: scheme === 'rediss',
  };
}

function parseHost(text: string, usual: number): { host: string; port: number } {
  const match = /^(\[[0-9a-f:]+\]|[^:[\]]+)(?::(\d+))?$/i.exec(text);
  const port = match?.[2] === undefined ? usual : Number(match[2]);
  if (match?.[1] === undefined || port < 1 || port > 65_535) throw new Error('has a host that is not written host:port');
  return { host: match[1].replace(/^\[|\]$/g, ''), port };
}

/** `password`, `:password` or `user:password`, percent-encoded. */
function parseCredentials(text: string | undefined): [string | undefined, string | undefined] {
  if (text === undefined || text === '') return [undefined, undefined];
  const colon = text.indexOf(':');
  if (colon === -1) return [undefined, decode(text)];
  return [decode(text.slice(0, colon)) || undefined, decode(text.slice(colon + 1))];
}

const sentinelOptions = ['db', 'sentinelUsername', 'sentinelPassword'] as const;

/** Percent-encoded like the credentials: a + is a literal plus sign. */
function parseOptions(query: string, kind: RedisAddress['kind']): Partial<Record<(typeof sentinelOptions)[number], string>> {
  const options: Partial<Record<(typeof sentinelOptions)[number], string>> = {};
  for (const part of query.split('&').filter((each) => each !== '')) {
    const [given = '', ...value] = part.split('=');
    const name = sentinelOptions.find((each) => each === given);
    if (kind !== 'sentinel' || name === undefined)
      throw new Error(`has an unknown option; the known ones are ?${sentinelOptions.join('=, ')}= of redis-sentinel://`);
    options[name] = decode(value.join('='));
  }
  return options;
}

function parseDatabase(text: string): number {
  if (!/^\d{0,4}$/.test(text)) throw new Error('has a database that is not a number');
  return Number(text || 0);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error('has a % that is not followed by two hexadecimal digits: write it as %25');
  }
}
