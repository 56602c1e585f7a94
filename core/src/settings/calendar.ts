import { z } from 'zod';
import { currentFrame } from '../context/frame.js';
import type { Clock } from '../contract/services.js';
import { type Calendar, type Period, periods, type SettingsDeclaration } from '../contract/settings.js';
import type { SettingsStore } from './settings-store.js';
import { PORTAL } from './stored-settings.js';

const ZONE = 'Europe/Brussels';
const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
const zones = [...new Set([ZONE, 'UTC', ...Intl.supportedValuesOf('timeZone')])].sort() as [string, ...string[]];

const shared = {
  timeZone: z.enum(zones).default(ZONE),
  schoolDays: z.array(z.enum(days)).max(7).default(['monday', 'tuesday', 'wednesday', 'thursday', 'friday']),
  holidays: periods({ max: 200 }),
};

/** The kernel's own settings. A tenant's holidays replace the portal's; its days off are added to them. */
export const calendarSettings = {
  portal: z.object(shared),
  tenant: z.object({ ...shared, daysOff: periods({ max: 50 }) }),
} satisfies SettingsDeclaration;

type Values = z.output<typeof calendarSettings.tenant>;

/** The service `calendar`, the same for every plugin. */
export class CalendarService implements Calendar {
  constructor(
    private readonly store: SettingsStore,
    private readonly clock: Clock,
  ) {}

  async timeZone(tenant?: string): Promise<string> {
    return (await this.#values(tenant)).timeZone;
  }

  async today(tenant?: string): Promise<string> {
    return dayIn(await this.timeZone(tenant), this.clock.now());
  }

  async isSchoolDay(tenant: string, day: string): Promise<boolean> {
    if (!z.iso.date().safeParse(day).success) throw new Error(`"${day}" is not a date: write 2026-09-01`);
    const { schoolDays, holidays, daysOff } = await this.#values(tenant);
    const weekday = days[(new Date(`${day}T00:00Z`).getUTCDay() + 6) % 7] as (typeof days)[number];
    return schoolDays.includes(weekday) && ![...holidays, ...daysOff].some((period) => isIn(period, day));
  }

  async #values(tenant: string | undefined): Promise<Values> {
    const { unit } = currentFrame('kernel');
    return (await this.store.values('kernel', calendarSettings, tenant ?? PORTAL, unit)) as Values;
  }
}

/** The portal's time zone, outside units of work. */
export const portalZone = async (store: SettingsStore): Promise<string> =>
  ((await store.values('kernel', calendarSettings, PORTAL, null)) as Values).timeZone;

const isIn = ({ from, to }: Period, day: string): boolean => from <= day && day <= to;

/** The Swedish date format is the same as ISO 8601. */
export const dayIn = (timeZone: string, moment: Date): string => moment.toLocaleDateString('sv-SE', { timeZone });
