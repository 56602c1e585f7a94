import { currentFrame } from '../context/frame.js';
import type { MessageState } from '../contract/operations.js';
import type { JobStatus, Jobs } from '../contract/services.js';
import { stateOf, withMarks } from './message-states.js';
import type { RunningMessages } from './running-messages.js';

/** The methods of `Jobs` that read and cancel a plugin's own jobs. */
export function jobControl(plugin: string, running: RunningMessages): Pick<Jobs, 'cancel' | 'status'> {
  return {
    cancel: async (id) => {
      const { unit } = currentFrame(plugin);
      if (running.holdsConnection(plugin, id)) return running.cancel(id);
      const { rowCount } = await unit.kernel(
        `delete from kernel.messages where id in (
           select id from kernel.messages where id = $1 and plugin = $2 and kind = 'job' for update skip locked)`,
        [id, plugin],
      );
      if (rowCount === 1) {
        // A job that calls another service holds no lock. Without its row, its result can no longer be recorded; other processes notice
        // that when they renew the lease.
        unit.afterCommit(() => void running.cancel(id));
        return true;
      }
      // A handler is running it: a handler in this process is notified after the commit, one in another process through this row.
      const noted = await unit.kernel(
        `insert into kernel.running_messages (message, cancelled_at)
         select id, now() from kernel.messages where id = $1 and plugin = $2 and kind = 'job'
         on conflict (message) do update set cancelled_at = excluded.cancelled_at`,
        [id, plugin],
      );
      unit.afterCommit(() => void running.cancel(id));
      return noted.rowCount === 1;
    },

    status: async (id) => {
      const { unit } = currentFrame(plugin);
      if (running.holdsConnection(plugin, id)) return running.statusOf(id);
      const { rows } = await unit.kernel<{ state: MessageState; failures: number; progress: number | null }>(
        `${withMarks} select ${stateOf} as state, m.attempts as failures, r.progress
         from kernel.messages m left join kernel.running_messages r on r.message = m.id
         where m.id = $1 and m.plugin = $2 and m.kind = 'job'`,
        [id, plugin],
      );
      const row = rows[0];
      if (row === undefined) return null;
      const { state, failures, progress } = row;
      return { state: state === 'running' || state === 'failed' ? state : 'waiting', failures, progress } satisfies JobStatus;
    },
  };
}
