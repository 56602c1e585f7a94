/** `540` → `09:00`; the end of the day is written 23:59. */
export const timeOf = (minutes: number): string => {
  const shown = Math.min(minutes, 1_439);
  return `${String(Math.floor(shown / 60)).padStart(2, '0')}:${String(shown % 60).padStart(2, '0')}`;
};

/** `9:00-12:00, 13:00-17:00` → minutes; undefined if it is not written so. */
export function openingsIn(text: string): [number, number][] | undefined {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  const openings: [number, number][] = [];
  for (const part of parts) {
    const found = /^(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})$/.exec(part);
    if (found === null) return undefined;
    const [, fromHour, fromMinute, toHour, toMinute] = found.map(Number) as [number, number, number, number, number];
    openings.push([fromHour * 60 + fromMinute, toHour * 60 + toMinute]);
  }
  return openings;
}
