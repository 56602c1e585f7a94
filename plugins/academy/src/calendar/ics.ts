/** One session in the calendar of one person. */
export interface CalendarEntry {
  /** The same in every file and feed, for as long as the session exists. */
  uid: string;
  /** RFC 5545 section 3.8.7.4: rises with each change that the person's calendar must take over. */
  sequence: number;
  title: string;
  /** `2027-03-29` */
  day: string;
  /** What the clock shows: `14:00` or `14:00:00`. */
  starts: string;
  ends: string;
  zone: string;
  /** The same as moments. */
  startsAt: Date;
  endsAt: Date;
  place: string;
  url: string;
  cancelled: boolean;
  changedAt: Date;
}

export interface CalendarFile {
  /** RFC 5546: `REQUEST` for a confirmation or change, `CANCEL` for a cancellation, `PUBLISH` for a feed. */
  method: 'REQUEST' | 'CANCEL' | 'PUBLISH';
  name: string;
  /** DTSTAMP: when the file is made. */
  now: Date;
  /** Who invites: the provider's name, and an address of the portal that reads no mail. */
  organizer: { name: string; email: string };
  /** Address of the person; null: none, or a feed. */
  attendee: string | null;
  entries: readonly CalendarEntry[];
}

const brussels = 'Europe/Brussels';

/** The rules of Belgian time since 1996, without an end (RFC 5545 section 3.6.5). */
const brusselsRules = `BEGIN:VTIMEZONE
TZID:${brussels}
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
END:STANDARD
END:VTIMEZONE`;

/** Titles and places are one line each: control characters, line ends among them, are spaces. */
const line = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();

/** Text of an iCalendar file (RFC 5545). Belgian sessions are in local time with its rules, others in UTC. */
export async function icsOf({ method, name, now, organizer, attendee, entries }: CalendarFile): Promise<string> {
  // Imported when it is first needed, so that no start of the portal waits for it.
  const { default: ical, ICalCalendarMethod, ICalEventStatus } = await import('ical-generator');
  const calendar = ical({ name: line(name), prodId: { company: 'i-Learn', product: 'Academy', language: 'NL' } });
  calendar.method(ICalCalendarMethod[method]);
  calendar.timezone({ name: null, generator: (zone) => (zone === brussels ? brusselsRules : null) });
  for (const entry of entries) {
    const local = entry.zone === brussels;
    const event = calendar.createEvent({
      id: entry.uid,
      sequence: entry.sequence,
      stamp: now,
      start: local ? wallClock(entry.day, entry.starts) : entry.startsAt,
      end: local ? wallClock(entry.day, entry.ends) : entry.endsAt,
      timezone: local ? brussels : null,
      summary: line(entry.title),
      location: line(entry.place) || null,
      url: entry.url,
      lastModified: entry.changedAt,
      status: entry.cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
      organizer: { name: line(organizer.name), email: organizer.email },
    });
    if (attendee !== null) event.createAttendee({ email: attendee, rsvp: false });
  }
  return `${calendar.toString()}\r\n`;
}

/** A date whose local fields are these: the library writes local fields where a time zone is named. */
function wallClock(day: string, time: string): Date {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return new Date(year, month - 1, date, hours, minutes);
}
