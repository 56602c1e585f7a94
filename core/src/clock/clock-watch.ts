import type { DatabaseHome } from '../database/homes/home.js';
import type { OutageLog } from '../database/outages/outage-log.js';
import type { KernelLogger } from '../foundation/log.js';
import type { PortalClock } from './portal-clock.js';
import { settleAfterGoingBack } from './went-back.js';

const LOOK_MS = 60_000;
/** Clocks of well-configured machines differ by milliseconds. */
export const WARN_MS = 5_000;
/** Beyond this, one of the two clocks is wrong. */
const LIMIT_MS = 30_000;
const AGAIN_MS = 3_600_000;
/** The portal checks every minute; a longer gap means that it was stopped for a long time, or that the clock jumped. */
const LEAP = '2 days';
/** How long a clock must run after a jump before it is trusted again. */
const PROOF = '3 days';

export const clockMend =
  'Synchronise the machines of the portal and of its database with a time server (NTP), for example by chrony or systemd-timesyncd.';

export interface ClockState {
  state: 'right' | 'off' | 'wrong';
  /** How far this process's clock is ahead of the database's; negative if behind. */
  offsetSeconds: number;
}

/**
 * Compares the clocks every minute and warns when they differ. The database's clock decides what is kept or due, so a process with a wrong
 * clock may serve. But while they differ, nothing is deleted by age, because it is unknown which of the two is wrong. Nothing is deleted by
 * age either after the database's clock jumped by days, until it has run on for some time.
 */
export class ClockWatch {
  #timer: NodeJS.Timeout | null = null;
  #told: ClockState['state'] = 'right';
  #toldAt = 0;

  constructor(
    private readonly home: DatabaseHome,
    private readonly clock: PortalClock,
    private readonly log: KernelLogger,
    /** Called when the database's clock went back, because schedules may then lie far in its future. */
    private readonly wentBack: () => Promise<void>,
    /** Logs database outages once for the whole process. */
    private readonly outages: Pick<OutageLog, 'takesOwn'> = { takesOwn: () => false },
  ) {}

  start(): void {
    this.#timer = setInterval(() => {
      this.look().catch((error: Error) => {
        if (!this.outages.takesOwn(error)) this.log.warn({ err: error.message }, 'the clocks could not be compared');
      });
    }, LOOK_MS);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  state(): ClockState {
    const ms = this.clock.offsetMs();
    const off = Math.abs(ms);
    return { state: off > LIMIT_MS ? 'wrong' : off > WARN_MS ? 'off' : 'right', offsetSeconds: Math.round(ms / 1_000) };
  }

  /** Measures, warns, and records that the database's clock was read. */
  async look(): Promise<void> {
    await this.clock.measure();
    this.#tell();
    const { rows } = await this.home.pool.query<{ ahead: boolean; back: boolean; seconds: number }>(
      `with before as (select seen_at, clock_timestamp() as now from kernel.clock), judged as (
         select now, now - seen_at > interval '${LEAP}' as ahead, now < seen_at - interval '1 minute' as back,
           extract(epoch from now - seen_at)::float8 as seconds from before), moved as (
         update kernel.clock set seen_at = judged.now, doubted_since = case
           when judged.ahead then judged.now when doubted_since > judged.now then null else doubted_since end from judged)
       select ahead, back, seconds from judged`,
    );
    const seen = rows[0];
    if (seen === undefined || (!seen.ahead && !seen.back)) return;
    const days = Math.round((Math.abs(seen.seconds) / 86_400) * 10) / 10;
    if (seen.ahead) {
      const words = `the database's clock is ${days} days ahead of when the portal last ran: nothing is deleted because of its age for ${PROOF}`;
      this.log.warn({ days, remedy: `If the portal was stopped for that long, do nothing. Otherwise: ${clockMend}` }, words);
    } else {
      this.log.error({ days, remedy: clockMend }, `the database's clock went back by ${days} days`);
      await settleAfterGoingBack(this.home.pool, -seen.seconds);
      await this.wentBack();
    }
  }

  /** The reason why nothing may be deleted by age now; null if there is none. */
  async whyKeepEverything(): Promise<string | null> {
    const { state, offsetSeconds } = this.state();
    if (state === 'wrong') return `${describeOffset(offsetSeconds)}. ${clockMend}`;
    const { rows } = await this.home.pool.query<{ doubted: boolean }>(
      `select coalesce(clock_timestamp() - doubted_since < interval '${PROOF}', false) as doubted from kernel.clock`,
    );
    return rows[0]?.doubted === true ? `The database's clock jumped ahead within the last ${PROOF}. ${clockMend}` : null;
  }

  #tell(): void {
    const { state, offsetSeconds } = this.state();
    if (state === this.#told && (state === 'right' || performance.now() - this.#toldAt < AGAIN_MS)) return;
    this.#told = state;
    this.#toldAt = performance.now();
    const fields = { offsetSeconds, remedy: clockMend };
    const what = describeOffset(offsetSeconds);
    if (state === 'right') this.log.info({ offsetSeconds }, 'the clock of this process agrees with the database again');
    else if (state === 'off') this.log.warn(fields, what);
    else this.log.error(fields, `${what}: it uses the database's clock, and deletes nothing because of its age`);
  }
}

export function describeOffset(seconds: number): string {
  const much = Math.abs(seconds);
  const [amount, unit] =
    much < 7_200 ? [much, 's'] : much < 172_800 ? [Math.round(much / 3_600), 'hours'] : [Math.round(much / 86_400), 'days'];
  return `The clock of this process is ${amount} ${unit} ${seconds > 0 ? 'ahead of' : 'behind'} the database's`;
}
