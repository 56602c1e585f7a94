const dayMs = 24 * 60 * 60 * 1000;

/** Days to look through for school days: more than the summer holidays and six weeks. */
const horizon = 150;

export const daysFrom = (day: string, count: number): string =>
  new Date(Date.parse(`${day}T00:00Z`) + count * dayMs).toISOString().slice(0, 10);

/** The school days around a day, by their offset: 0 is that day, or the next school day; -1 is the last one before it. */
export class SchoolDays {
  readonly #before: readonly string[];
  readonly #after: readonly string[];

  private constructor(before: readonly string[], after: readonly string[]) {
    this.#before = before;
    this.#after = after;
  }

  /**
   * @param today `2026-11-27`
   * @param isSchoolDay if it refuses all days of the horizon, every day counts
   */
  static async around(today: string, isSchoolDay: (day: string) => Promise<boolean>): Promise<SchoolDays> {
    const select = async (days: string[]) => {
      const kept: string[] = [];
      for (const day of days) if (await isSchoolDay(day)) kept.push(day);
      return kept.length === 0 ? days : kept;
    };
    const offsets = Array.from({ length: horizon }, (_, index) => index);
    return new SchoolDays(
      await select(offsets.map((offset) => daysFrom(today, -1 - offset))),
      await select(offsets.map((offset) => daysFrom(today, offset))),
    );
  }

  at(offset: number): string {
    const [list, index] = offset < 0 ? [this.#before, -1 - offset] : [this.#after, offset];
    return list[Math.min(index, list.length - 1)] as string;
  }
}

/** Turns hours of a day into moments, in one time zone. Its offset must be the same all day from 8 to 20 o'clock. */
export class Hours {
  readonly #zone: string;
  readonly #offsets = new Map<string, number>();

  constructor(zone: string) {
    this.#zone = zone;
  }

  /** @param minutes since midnight by the clock on the wall */
  moment(day: string, minutes: number): Date {
    return new Date(Date.parse(`${day}T00:00Z`) + minutes * 60_000 - this.#offsetOn(day));
  }

  #offsetOn(day: string): number {
    let offset = this.#offsets.get(day);
    if (offset === undefined) {
      const noon = new Date(`${day}T12:00Z`);
      const wall = noon.toLocaleString('sv-SE', { timeZone: this.#zone });
      offset = Date.parse(`${wall.replace(' ', 'T')}Z`) - noon.getTime();
      this.#offsets.set(day, offset);
    }
    return offset;
  }
}
