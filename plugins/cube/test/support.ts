import type { TestPlatform } from '@ilearn/core/testing';

/** Somebody opened a tool in these numbers of weeks before this one. */
export interface Use {
  school: string;
  personId: string;
  tool: string;
  /** A day; default: in the week that is published next. */
  day?: string;
  released?: string[];
}

/** Publishes launches as the LTI platform does, waits until they are taken down, and moves them to their days. */
export async function launch(portal: TestPlatform, uses: readonly Use[]): Promise<void> {
  for (const { school, personId, tool, day, released = ['pseudonym', 'role', 'language'] } of uses) {
    await portal.work('lti', ({ events }) =>
      events.publish('launched', { school, personId, role: 'Learner', tool, toolName: tool.toUpperCase(), released }),
    );
    if (day === undefined) continue;
    await portal.drain();
    await portal.work('cube', ({ knex }) =>
      knex('marks').where({ person_id: personId }).whereRaw('day > ?', [day]).update({ day }),
    );
  }
  await portal.drain();
}

/** Counts, and publishes every period that is over, as the jobs do. Returns them. */
export async function publish(portal: TestPlatform): Promise<string[]> {
  const published = async (): Promise<string[]> => {
    const rows = await portal.work('cube', ({ knex }) =>
      knex('publications').orderBy('published_at').select('grain', 'starts_on'),
    );
    return rows.map(({ grain, starts_on }: Record<string, string>) => `${grain} ${starts_on}`);
  };
  const before = await published();
  await portal.work('cube', ({ jobs }) => jobs.enqueue('prepare', {}));
  await portal.drain();
  return (await published()).filter((period) => !before.includes(period));
}

/** The day so many days before today, in the portal's time zone. */
export async function daysAgo(portal: TestPlatform, days: number): Promise<string> {
  const today = await portal.work('cube', ({ calendar }) => calendar.today());
  return new Date(Date.parse(`${today}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
}
