import type { Entry } from './routes.js';

/** Doings of one kind by one actor on one day. */
export interface Folded {
  doing: string;
  count: number;
  /** Of the first and the last on that day, ISO 8601. */
  from: string;
  until: string;
}

/** What one actor did on a day, the latest first. */
export interface Acting {
  who: string;
  doings: Folded[];
}

export interface AuditDay {
  /** Any moment of the day, ISO 8601. */
  at: string;
  acting: Acting[];
  /** Names of routes and commands on that day, for whoever has to look them up. */
  technical: string[];
}

/** Groups entries, newest first, by day in local time and by actor, and counts repeats. */
export function daysOf(entries: readonly Entry[], whoOf: (entry: Entry) => string): AuditDay[] {
  const days = new Map<string, { at: string; acting: Map<string, Map<string, Folded>>; technical: Set<string> }>();
  for (const entry of entries) {
    const { at, doing, route } = entry;
    const day = getOrAdd(days, new Date(at).toDateString(), () => ({ at, acting: new Map(), technical: new Set<string>() }));
    const ofActor = getOrAdd(day.acting, whoOf(entry), () => new Map<string, Folded>());
    const folded = getOrAdd(ofActor, doing, () => ({ doing, count: 0, from: at, until: at }));
    folded.count++;
    folded.from = at;
    day.technical.add(route);
  }
  return [...days.values()].map(({ at, acting, technical }) => ({
    at,
    acting: [...acting].map(([who, doings]) => ({ who, doings: [...doings.values()] })),
    technical: [...technical].sort(),
  }));
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let found = map.get(key);
  if (found === undefined) {
    found = make();
    map.set(key, found);
  }
  return found;
}
