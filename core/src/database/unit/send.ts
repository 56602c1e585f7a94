import type pg from 'pg';
import type { Statement } from '../../context/unit.js';
import type { DatabaseHome } from '../homes/home.js';
import { causeOf } from '../homes/lost-connection.js';
import { isOutdatedPlan } from '../homes/prepared-statements.js';
import { losesConnection } from '../outages/outage.js';
import { type Lead, sendBatch, sendInTurn } from './pipeline.js';

/** The parts of a database that units of work use. */
export type UnitHome = Pick<DatabaseHome, 'prepared' | 'lanes' | 'limits'>;

/** `unusable`: the connection must not be used again. */
export type Sent = (error: unknown, result: pg.QueryResult | undefined, unusable: boolean) => void;

/** Sends a statement under a role, with its leading statements; as one packet where the driver can. */
export function send(
  { prepared }: UnitHome,
  client: pg.PoolClient,
  role: string | null,
  leads: readonly Lead[],
  statement: Statement,
  done: Sent,
): void {
  const name = statement.values === undefined ? undefined : prepared?.nameFor(role, statement.text);
  // The extended protocol accepts only one statement at a time, even without values, so no second statement can be hidden in the text.
  const named = (): Statement => ({ ...statement, name, queryMode: 'extended' });
  const end = (error: unknown, result?: pg.QueryResult, unsure = false) => {
    if (result !== undefined) {
      done(null, result, false);
      return;
    }
    const cause = causeOf(client, error);
    const outdated = isOutdatedPlan(cause);
    if (outdated) prepared?.forget();
    done(cause, undefined, unsure || outdated || losesConnection(cause));
  };
  if (leads.length === 0) client.query(named(), end);
  else if (prepared === null) sendInTurn(client, leads, named()).then((result) => end(null, result), end);
  else sendBatch(client, leads, statement, name, end);
}
