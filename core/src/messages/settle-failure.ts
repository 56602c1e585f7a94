import type { Logger } from '../contract/services.js';
import type { DatabaseHome } from '../database/homes/home.js';
import { outageOf, remedyOfOutage } from '../database/outages/outage.js';
import type { OutageLog } from '../database/outages/outage-log.js';
import { describeError, remedyOf } from '../foundation/log.js';
import type { Composition } from '../plugins/composition.js';
import { OutOfService } from '../plugins/plugin-state.js';
import { type Message, retryPolicyOf } from './message.js';
import type { RunningMessages } from './running-messages.js';

export interface SettleParts {
  home: DatabaseHome;
  composition: Composition;
  running: RunningMessages;
  log: Logger;
  outages: Pick<OutageLog, 'takes'>;
  /** Notifies the relay of a message to retry. */
  kick(): void;
}

const LONGEST_BACKOFF = 24 * 3600;
/** Delay before retrying work that failed because of the database. */
const OUTAGE_SECONDS = 5;
const letGo = 'task = null, taken_at = null, lease = null, leased_until = null';

/** Schedules the next try of a message whose handler failed, or keeps the message for the operator when no tries are left. */
export async function settleFailure(
  message: Message & { task: string | null },
  error: unknown,
  { home, composition, running, log, outages, kick }: SettleParts,
): Promise<void> {
  const { id, task, kind, name } = message;
  if (running.isCancelled(id)) {
    log.info({ message: id }, 'cancelled');
    await home.pool.query('delete from kernel.messages where id = $1 and task = $2', [id, task]);
    return;
  }
  if (error instanceof OutOfService) {
    // The message waits until its plugin is back; this try does not count.
    await home.pool.query(`update kernel.messages set ${letGo} where id = $1 and task = $2`, [id, task]);
    return;
  }
  const attempts = message.attempts + 1;
  const about = { plugin: message.plugin, handler: `${kind} ${name}`, message: id, attempt: attempts };
  if (running.stopping) {
    // A handler that was asked to stop has not failed.
    log.info(about, 'stopped along with the process, to be tried again');
    await home.pool.query(`update kernel.messages set ${letGo} where id = $1 and task = $2`, [id, task]);
    kick();
    return;
  }
  const outage = outageOf(error);
  outages.takes(error, about);
  // These tries count: a statement that is always too slow or always locked out would otherwise be retried forever.
  if (outage !== null && outage !== 'locked' && outage !== 'slow') {
    await home.pool.query(
      `update kernel.messages set ${letGo}, due_at = now() + make_interval(secs => ${OUTAGE_SECONDS}) where id = $1 and task = $2`,
      [id, task],
    );
    return;
  }
  const { retries, backoff } = retryPolicyOf(kind, composition.find(message.plugin)?.checked?.definition.jobs?.[name]);
  const last = attempts > retries;
  const remedy = outage === null ? remedyOf(error) : remedyOfOutage[outage];
  log.warn({ ...about, last, remedy, err: describeError(error) }, 'handler failed');
  const { name: type, code } = (error ?? {}) as Partial<Error & { code: string }>;
  const seconds = Math.min(backoff * 2 ** (attempts - 1), LONGEST_BACKOFF);
  // Store only the error's code, because its message may contain personal data.
  await home.pool.query(
    `update kernel.messages set attempts = $3, failure = $4, ${letGo},
       due_at = now() + make_interval(secs => $5), failed_at = case when $6 then now() end
     where id = $1 and task = $2`,
    [id, task, attempts, code ?? type ?? 'unknown', seconds, last],
  );
  if (!last) kick();
}
