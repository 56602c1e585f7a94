import { z } from 'zod';

/**
 * ISO 8601 with a time zone, within what PostgreSQL reads: years from 1970 on, zones up to 14 hours from UTC, and a fraction of no more
 * digits than clocks have.
 */
export const moment = z.iso
  .datetime({ offset: true, error: 'must be ISO 8601 with a time zone, such as 2026-09-01T08:30:00.000Z' })
  .regex(/^(19[7-9]|[2-9]\d\d)\d-/, 'must not lie before 1970')
  .regex(/:\d\d(\.\d{1,9})?[^.\d]/, 'must have at most 9 digits in the fraction of its seconds')
  .regex(/(Z|[+-](0\d|1[0-4]):\d\d)$/, 'must have a time zone of at most 14 hours');
