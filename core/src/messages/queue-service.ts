import { currentFrame } from '../context/frame.js';
import type { MessageState, QueuedMessage, Queues } from '../contract/operations.js';
import type { JobEngine } from './engines/engine.js';
import { countByState, stateOf, toCounts, withMarks } from './message-states.js';

const MOST = 500;

/** Events and jobs of the whole portal, without their payloads. */
export class QueueService implements Queues {
  constructor(
    private readonly plugin: string,
    private readonly jobEngine: () => JobEngine | null,
    private readonly kick: () => void,
  ) {}

  async engine(): Promise<{ name: string; reachable: boolean }> {
    const engine = this.jobEngine();
    return { name: engine?.name ?? 'none', reachable: (await engine?.reachable()) ?? false };
  }

  async counts(): Promise<Record<MessageState, number>> {
    const { rows } = await this.#query<{ state: MessageState; count: number }>(countByState);
    return toCounts(rows);
  }

  async messages(state: MessageState, limit = 100): Promise<QueuedMessage[]> {
    const order = state === 'failed' ? 'failed_at desc' : 'due_at';
    const { rows } = await this.#query<QueuedMessage>(
      `${withMarks} select * from (
         select m.id, m.plugin, m.kind, m.name, ${stateOf} as state, m.attempts as failures, m.failure, r.progress,
           m.created_at as "createdAt", m.due_at as "dueAt", m.failed_at as "failedAt", m.due_at, m.failed_at
         from kernel.messages m left join kernel.running_messages r on r.message = m.id
       ) each where state = $1 order by ${order} limit $2`,
      [state, Math.min(limit, MOST)],
    );
    return rows.map(({ id, plugin, kind, name, state, failures, failure, progress, createdAt, dueAt, failedAt }) => ({
      ...{ id, plugin, kind, name, state, failures, failure, progress, createdAt, dueAt, failedAt },
    }));
  }

  async retry(id: string): Promise<boolean> {
    return (await this.#retry('and id = $1', [id])) === 1;
  }

  retryAll(): Promise<number> {
    return this.#retry('', []);
  }

  async remove(id: string): Promise<boolean> {
    const { rowCount } = await this.#query('delete from kernel.messages where id = $1 and failed_at is not null', [id]);
    return rowCount === 1;
  }

  async #retry(which: string, values: unknown[]): Promise<number> {
    const { rowCount } = await this.#query(
      `update kernel.messages set failed_at = null, attempts = 0, losses = 0, taken_at = null, task = null, due_at = now()
       where failed_at is not null ${which}`,
      values,
    );
    currentFrame(this.plugin).unit.afterCommit(this.kick);
    return rowCount ?? 0;
  }

  #query<R extends object>(text: string, values: unknown[] = []) {
    return currentFrame(this.plugin).unit.kernel<R & { [column: string]: unknown }>(text, values);
  }
}
