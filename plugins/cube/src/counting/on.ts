import { handlerFor } from '@ilearn/core';
import type { Cradle } from '../cradle.js';

const handler = handlerFor<Cradle>();

/** A result counts as reached from this share of the maximum on. */
const reachedFrom = 0.7;

/** Events of other plugins that are counted. */
export const onEvents = {
  'lti.launched': handler('lti.launched', async ({ payload, services: { marks } }) => {
    const { school, personId, tool, toolName, released } = payload;
    await marks.name(tool, toolName);
    await marks.add([
      { school, personId, measure: 'launches', items: [tool] },
      { school, personId, measure: 'active', items: [tool] },
      { school, personId, measure: 'shared', items: released.map((field) => `${tool} ${field}`) },
    ]);
  }),
  'myway.step-done': handler(
    'myway.step-done',
    async ({ payload: { school, pupilId: personId, doneBy }, services: { marks } }) => {
      if (doneBy === 'teacher') return;
      await marks.add([
        { school, personId, measure: 'steps-done' },
        { school, personId, measure: 'active' },
      ]);
    },
  ),
  'myway.path-finished': handler('myway.path-finished', ({ payload: { school, pupilId }, services: { marks } }) =>
    marks.add([{ school, personId: pupilId, measure: 'paths-walked' }]),
  ),
  'myway.path-made': handler('myway.path-made', ({ payload: { school, ownerId: personId }, services: { marks } }) =>
    marks.add([
      { school, personId, measure: 'paths-made' },
      { school, personId, measure: 'active' },
    ]),
  ),
  'myway.assignment-given': handler('myway.assignment-given', async ({ payload: { school, givenBy }, services: { marks } }) => {
    if (givenBy == null) return;
    await marks.add([
      { school, personId: givenBy, measure: 'paths-given' },
      { school, personId: givenBy, measure: 'active' },
    ]);
  }),
  'myway.attempt-scored': handler('myway.attempt-scored', async ({ payload, services }) => {
    const { school, pupilId: personId, activityId, given, maximum } = payload;
    const goals = await goalsOf(services, activityId);
    for (const { uri, label } of goals) await services.marks.name(uri, label);
    const items = goals.map(({ uri }) => uri);
    await services.marks.add([
      { school, personId, measure: 'results', items },
      ...(maximum > 0 && given / maximum >= reachedFrom
        ? [{ school, personId, measure: 'results-reached' as const, items }]
        : []),
    ]);
  }),
  'demo.made': handler('demo.made', async ({ payload: { day, schools, results }, services: { config, jobs } }) => {
    if (results && config.demonstration) await jobs.enqueue('fill-demo', { day, schools: Object.values(schools), at: 0 });
  }),
  'academy.attended': handler('academy.attended', ({ payload: { school, personId, minutes }, services: { marks } }) =>
    marks.add([{ school, personId, measure: 'academy-minutes', amount: minutes }]),
  ),
  'helpdesk.ticket-answered': handler('helpdesk.ticket-answered', async ({ payload, services: { marks } }) => {
    const { school, askerId: personId, minutes } = payload;
    if (school === null || personId === null) return;
    await marks.add([
      { school, personId, measure: 'tickets' },
      { school, personId, measure: 'ticket-minutes', amount: minutes },
    ]);
  }),
};

/** The *onderwijsdoelen* of an activity. */
async function goalsOf({ knex, library }: Cradle, activityId: string | null): Promise<{ uri: string; label: string }[]> {
  if (activityId === null || library === undefined) return [];
  const uris: string[] = await knex('library.activity_topics').where({ activity_id: activityId }).limit(100).pluck('concept_uri');
  const topics = await library.activities.topics(uris);
  return topics.filter(({ facet }) => facet === 'onderwijsdoel');
}
