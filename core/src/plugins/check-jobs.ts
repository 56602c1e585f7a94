import { Cron } from 'croner';
import type { Job } from '../contract/work.js';

/** A scheduled job needs a cron expression that has a next run, and a payload schema that accepts `{}`. */
export function checkJobs(jobs: Record<string, Job>, report: (where: string, message: string, remedy: string) => void): void {
  for (const [name, { schedule, payload }] of Object.entries(jobs)) {
    if (schedule === undefined) continue;
    if (nextRun(schedule) === null) {
      report(
        `jobs.${name}.schedule`,
        `"${schedule}" is not a cron expression, or never occurs.`,
        'Write five fields, such as "0 3 * * *" for 3 a.m. every day.',
      );
    }
    if (!payload.safeParse({}).success) {
      report(
        `jobs.${name}.payload`,
        'A scheduled job is given {}, which its payload schema refuses.',
        'Give every field of the payload a default.',
      );
    }
  }
}

function nextRun(cron: string): Date | null {
  try {
    return new Cron(cron, { timezone: 'UTC' }).nextRun();
  } catch {
    return null;
  }
}
