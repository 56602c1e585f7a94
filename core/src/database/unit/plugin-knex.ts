import { createRequire } from 'node:module';
import knex, { type Knex } from 'knex';
import { currentFrame } from '../../context/frame.js';
import type { SqlIdentity } from '../../context/unit.js';
import type { SchemaAccess } from '../sql/names.js';
import { PluginGuard } from '../sql/plugin-guard.js';
import { ListConditions } from './list-conditions.js';

/** The part of a connection that knex uses. */
export interface KnexConnection {
  __knexUid: string;
  query(statement: { text: string; values?: unknown[] }, done: (error: unknown, result?: unknown) => void): void;
}

interface KnexTransaction {
  savepoint(connection: KnexConnection): Promise<unknown>;
  release(connection: KnexConnection, value: unknown): Promise<unknown>;
  rollbackTo(connection: KnexConnection, error: unknown): Promise<unknown>;
}

type Constructor<T> = new (...args: unknown[]) => T;

// knex publishes no types for its dialect classes.
const require = createRequire(import.meta.url);
const PostgresClient = require('knex/lib/dialects/postgres/index.js') as Constructor<object>;
const Transaction = require('knex/lib/execution/transaction.js') as Constructor<KnexTransaction>;

/** `knex.transaction` inside a unit of work creates a savepoint. */
class SavepointTransaction extends Transaction {
  begin(connection: KnexConnection): Promise<unknown> {
    return this.savepoint(connection);
  }
  commit(connection: KnexConnection, value: unknown): Promise<unknown> {
    return this.release(connection, value);
  }
  rollback(connection: KnexConnection, error: unknown): Promise<unknown> {
    return this.rollbackTo(connection, error);
  }
}

/** A knex whose statements run in the current unit of work, under one plugin's role. It holds no connection. */
export function createPluginKnex(access: SchemaAccess, role: string): Knex {
  const guard = new PluginGuard(access);
  return createKnexWithin(() => connectionTo(access, role, guard));
}

/** A knex inside a transaction that the caller begins and ends. */
export function createKnexWithin(connect: () => KnexConnection): Knex {
  class ClientWithin extends PostgresClient {
    acquireConnection(): Promise<KnexConnection> {
      return Promise.resolve(connect());
    }
    releaseConnection(): Promise<void> {
      return Promise.resolve();
    }
    transaction(...args: unknown[]): KnexTransaction {
      return new SavepointTransaction(this, ...args);
    }
    queryCompiler(...args: unknown[]): ListConditions {
      return new ListConditions(this, ...args);
    }
  }
  // Error messages must not contain the bindings, which may be personal data. An error's stack names the plugin's line that made the query,
  // in production too: that costs an Error for each query, some microseconds, and the stack is formatted only if the query fails.
  return knex({ client: ClientWithin as unknown as typeof Knex.Client, compileSqlOnError: false, asyncStackTraces: true });
}

function connectionTo({ plugin: pluginId, schema }: SchemaAccess, role: string, guard: PluginGuard): KnexConnection {
  const frame = currentFrame(pluginId);
  const identity: SqlIdentity = { role, schema, tenants: frame.principal.tenants, viewer: frame.viewer };
  return {
    __knexUid: pluginId,
    query(statement, done) {
      try {
        guard.check(statement.text);
      } catch (error) {
        done(error);
        return;
      }
      frame.unit.query(identity, statement).then(
        (result) => done(null, result),
        (error: unknown) => done(error),
      );
    },
  };
}
