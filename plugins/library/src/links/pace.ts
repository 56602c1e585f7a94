/**
 * How links are checked: slowly, since other people run the sites. All times in seconds.
 */
export const pace = {
  /** Hosts in one run of the job, and links of one host in it. */
  hosts: 12,
  perHost: 3,
  /** Between two requests to one host. */
  spacing: 5,
  /** Hosts that are asked at the same time. */
  hostsAtOnce: 4,
  /** Until a link that works is checked again. */
  works: 30 * 86_400,
  /** Until a link that failed is checked again; doubled with each failure, up to {@link pace.works}. */
  failed: 86_400,
  /** Until a host that says it is busy (429, 503) is asked again, unless it names a later time; doubled each time. */
  busy: 3_600,
  longestBusy: 7 * 86_400,
  /** Checks in a row that find no page, before people are told. A site may be away for a day. */
  failuresUntilBroken: 3,
  /** The same for an answer that says the page is gone (404, 410). */
  gonesUntilBroken: 2,
} as const;

/** Seconds until the next check after so many failures in a row. */
export const waitAfter = (failures: number): number =>
  failures === 0 ? pace.works : Math.min(pace.failed * 2 ** (failures - 1), pace.works);

/** Seconds for which a host is left alone that was busy so many times in a row. */
export const pauseOf = (times: number, retryAfter: number | null): number =>
  Math.min(Math.max(pace.busy * 2 ** (times - 1), retryAfter ?? 0), pace.longestBusy);
