import { setTimeout as wait } from 'node:timers/promises';
import type { Http } from '@ilearn/core';
import { groupBy } from '../group-by.js';
import { type CheckedLink, checkLink, type DueLink } from './check-link.js';
import { pace } from './pace.js';

/** Checks links by host: one request at a time to each, with a pause between; stops asking a host that is busy. */
export async function checkByHost(
  http: Http,
  links: readonly DueLink[],
  signal: AbortSignal,
  spacingMs: number = pace.spacing * 1000,
): Promise<CheckedLink[]> {
  const waiting = [...groupBy([...links], ({ url }) => new URL(url).host).values()];
  const checked: CheckedLink[] = [];
  const work = async (): Promise<void> => {
    for (let host = waiting.shift(); host !== undefined; host = waiting.shift()) {
      for (const [index, link] of host.entries()) {
        if (index > 0) await wait(spacingMs, undefined, { signal });
        const result = await checkLink(http, link, signal);
        checked.push(result);
        if (result.outcome === 'busy') break;
      }
    }
  };
  await Promise.all(Array.from({ length: pace.hostsAtOnce }, work));
  return checked;
}
