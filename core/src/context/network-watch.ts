import { Socket as DatagramSocket } from 'node:dgram';
import { subscribe } from 'node:diagnostics_channel';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { Socket } from 'node:net';
import { openFrame } from './frame.js';
import { isKernelSocket } from './kernel-sockets.js';

/** Maximum number of places remembered as logged. */
const MOST_PLACES = 1_000;
const told = new Set<string>();

const remedy =
  'Call other services while no unit of work is open: a route or job does so in its outside.call, a command or start() between two ' +
  'calls of work(), anything else in unitOfWork.afterCommit.';

/** Code used the network while its unit of work was open. */
class NetworkInUnit extends Error {
  readonly remedy = remedy;

  constructor(place: string, host: string) {
    super(`${place} uses the network (${host}) inside a unit of work, which blocks others while it waits. ${remedy}`);
    this.name = 'NetworkInUnit';
  }
}

/** Depth of nested allowed calls; network use within them (DNS, sockets) is not checked again. */
let within = 0;
let watching = false;

/**
 * Detects code that waits for the network while its unit of work is open. In tests and development the unit fails, so that no `catch` hides
 * it; in production it is logged once for each place and host. Otherwise a hanging service would hold a database connection, and the
 * embedded database has only one. Not detected: data sent on connections opened earlier (raw sockets, HTTP/2 streams, WebSockets).
 */
export function watchNetwork(): void {
  if (watching) return;
  watching = true;
  watchSockets();
  watchNames();
  // Needed because kept-alive connections are reused without being opened.
  subscribe('http.client.request.start', (message) => {
    note((message as { request: { host?: string } }).request.host);
  });
  subscribe('undici:request:create', (message) => {
    note(hostOf((message as { request: { origin?: unknown } }).request.origin));
  });
}

/** @returns the error to throw, if throwing is possible; null if the use is allowed or was only logged */
function note(host = 'an address'): NetworkInUnit | null {
  const frame = within === 0 ? openFrame() : null;
  if (frame === null) return null;
  const { place } = frame.unit;
  if (process.env['NODE_ENV'] !== 'production') {
    const error = new NetworkInUnit(place, host);
    frame.unit.refuse(error);
    return error;
  }
  const key = `${place} ${host}`;
  if (!told.has(key) && told.size < MOST_PLACES) {
    told.add(key);
    frame.log.warn({ place, host, remedy }, 'the network is used inside a unit of work');
  }
  return null;
}

/** The same check for the kernel's own client, which may reuse a connection. @throws Error inside a unit of work, except in production */
export function refuseNetwork(host: string): void {
  const refusal = note(host);
  if (refusal !== null) throw refusal;
}

function watchSockets(): void {
  replace(Socket.prototype, 'connect', (connect) => {
    return function (this: Socket, ...given: unknown[]) {
      const refusal = isKernelSocket(this) ? null : note(hostOfConnection(given));
      if (refusal !== null) throw refusal;
      return inside(() => Reflect.apply(connect, this, given));
    };
  });
  for (const name of ['connect', 'send'] as const) {
    replace(DatagramSocket.prototype, name, (use) => {
      return function (this: DatagramSocket, ...given: unknown[]) {
        const refusal = note('a datagram');
        if (refusal !== null) throw refusal;
        return inside(() => Reflect.apply(use, this, given));
      };
    });
  }
}

function watchNames(): void {
  const looksUp = /^(?:lookup|resolve|reverse)/;
  for (const [api, promises] of [
    [dns, false],
    [dns.promises, true],
    [dns.Resolver.prototype, false],
    [dns.promises.Resolver.prototype, true],
  ] as const) {
    const each = api as unknown as Record<string, unknown>;
    for (const name of Object.getOwnPropertyNames(each).filter((name) => looksUp.test(name))) {
      if (typeof each[name] !== 'function') continue;
      replace(each, name, (look) => {
        return function (this: unknown, ...given: unknown[]) {
          const refusal = note(typeof given[0] === 'string' ? given[0] : undefined);
          if (refusal === null) return Reflect.apply(look, this, given);
          if (promises) return Promise.reject(refusal);
          throw refusal;
        };
      });
    }
  }
  // Updates modules that imported the functions by name.
  syncBuiltinESMExports();
}

type Callable = (...given: unknown[]) => unknown;

function replace(on: object, name: string, make: (original: Callable) => Callable): void {
  const each = on as Record<string, Callable>;
  const original = each[name];
  if (original === undefined) return;
  // Copies properties such as the one that `util.promisify` reads.
  each[name] = Object.defineProperties(make(original), Object.getOwnPropertyDescriptors(original)) as Callable;
}

function inside<T>(fn: () => T): T {
  within++;
  try {
    return fn();
  } finally {
    within--;
  }
}

/** The host in the arguments of `Socket.connect`: options, port and host, or a path; Node passes them as one array. */
function hostOfConnection(given: readonly unknown[]): string | undefined {
  const [first, second] = Array.isArray(given[0]) ? (given[0] as unknown[]) : given;
  if (typeof first === 'object' && first !== null) {
    const { host, path } = first as { host?: string; path?: string };
    return host ?? (path === undefined ? 'localhost' : 'a local socket');
  }
  return typeof second === 'string' ? second : undefined;
}

function hostOf(origin: unknown): string | undefined {
  try {
    return new URL(String(origin)).hostname;
  } catch {
    return undefined;
  }
}
