import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { RedisAddress } from '../../config/redis-address.js';

export type RedisConnection = Redis | Cluster;

const RETRY_MS = 1_000;
const COMMAND_MS = 5_000;
const comeBack = (times: number): number => Math.min(times * 100, RETRY_MS);

/**
 * Opens a connection that keeps reconnecting, however long Redis is unreachable.
 *
 * @param use `asking`: a command fails at once while there is no connection. `working`: it waits, as BullMQ's worker expects.
 */
export function connectRedis(address: RedisAddress, use: 'asking' | 'working'): RedisConnection {
  const asking = use === 'asking';
  const options = {
    connectTimeout: COMMAND_MS,
    enableOfflineQueue: !asking,
    maxRetriesPerRequest: asking ? 0 : null,
    ...(asking ? { commandTimeout: COMMAND_MS } : {}),
    retryStrategy: comeBack,
    ...(address.username === undefined ? {} : { username: address.username }),
    ...(address.password === undefined ? {} : { password: address.password }),
    ...(address.tls ? { tls: {} } : {}),
  } satisfies RedisOptions;
  const [first = { host: '127.0.0.1', port: 6379 }] = address.hosts;
  if (address.kind === 'cluster') {
    return new Cluster(address.hosts, {
      redisOptions: options,
      enableOfflineQueue: !asking,
      clusterRetryStrategy: comeBack,
      // Certificates name hosts, so TLS must see the name: do not resolve it first.
      ...(address.tls ? { dnsLookup: (host, done) => done(null, host) } : {}),
    });
  }
  if (address.kind === 'sentinel') {
    return new Redis({
      ...options,
      sentinels: address.hosts,
      name: address.master,
      ...(address.sentinelUsername === undefined ? {} : { sentinelUsername: address.sentinelUsername }),
      ...(address.sentinelPassword === undefined ? {} : { sentinelPassword: address.sentinelPassword }),
      db: address.database,
      sentinelRetryStrategy: comeBack,
      enableTLSForSentinelMode: address.tls,
      ...(address.tls ? { sentinelTLS: {} } : {}),
    });
  }
  return new Redis({ ...options, ...first, db: address.database });
}
