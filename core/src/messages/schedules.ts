import type { DatabaseHome } from '../database/homes/home.js';
import type { Composition } from '../plugins/composition.js';
import { nextRun } from './next-run.js';

/**
 * Scheduled jobs. `kernel.schedules` stores the next due time of each; the statement that creates its message also advances that time. So
 * each due time creates one message however many processes run, and a time missed while all were down creates one late message.
 */
export class Schedules {
  constructor(
    private readonly home: DatabaseHome,
    private readonly composition: Composition,
    /** The portal's time zone. */
    private readonly timeZone: () => Promise<string>,
  ) {}

  /**
   * Brings the stored schedules in line with the manifests: adds new ones, restarts changed ones, removes others, and resets one whose
   * stored time is later than its next time (the database's clock went back). Schedules of a quarantined plugin are left unchanged.
   */
  async reconcile(): Promise<void> {
    const { rows } = await this.home.pool.query<{ now: Date }>('select now()');
    // Computed from the database's time, which also decides what is due: with a process clock that lags behind, the same moment would be
    // due twice.
    const now = rows[0]?.now as Date;
    const ofPortal = await this.timeZone();
    const quarantined = this.composition.entries.filter(({ state }) => state.state === 'quarantined').map(({ id }) => id);
    const wanted = this.composition.active.flatMap(({ id, definition }) =>
      Object.entries(definition.jobs ?? {}).flatMap(([job, { schedule: cron, timeZone = 'portal' }]) => {
        const zone = timeZone === 'portal' ? ofPortal : timeZone;
        const next = cron === undefined ? null : nextRun(cron, now, zone);
        return next === null ? [] : [{ plugin: id, job, cron, zone, next_at: next.toISOString() }];
      }),
    );
    const given = `jsonb_to_recordset($1::jsonb) as w(plugin text, job text, cron text, zone text, next_at timestamptz)`;
    const json = JSON.stringify(wanted);
    await this.home.pool.query(
      `with gone as (delete from kernel.schedules s
         where plugin <> all($2) and not exists (select from ${given} where w.plugin = s.plugin and w.job = s.job))
       insert into kernel.schedules (plugin, job, cron, zone, next_at) select plugin, job, cron, zone, next_at from ${given}
       on conflict (plugin, job) do update set cron = excluded.cron, zone = excluded.zone, next_at = excluded.next_at
         where (schedules.cron, schedules.zone) <> (excluded.cron, excluded.zone)
           or (schedules.next_at > excluded.next_at and excluded.next_at > clock_timestamp())`,
      [json, quarantined],
    );
  }

  /** Creates the messages of the schedules that are due. */
  async tick(): Promise<void> {
    const { rows } = await this.home.pool.query<{ plugin: string; job: string; cron: string; zone: string; now: Date }>(
      'select plugin, job, cron, zone, now() as now from kernel.schedules where next_at <= now() and plugin = any($1)',
      [this.composition.active.map(({ id }) => id)],
    );
    for (const { plugin, job, cron, zone, now } of rows) {
      const next = nextRun(cron, now, zone);
      if (next === null) continue;
      await this.home.pool.query(
        `with moved as (update kernel.schedules set next_at = $3 where plugin = $1 and job = $2 and next_at <= now() returning plugin, job)
         insert into kernel.messages (plugin, kind, name, payload, tenants) select plugin, 'job', job, '{}', '"*"' from moved`,
        [plugin, job, next],
      );
    }
  }
}
