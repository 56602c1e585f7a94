import { myway } from '../client.js';

/** Where the page of a choice in a tool leaves what was kept, for the page that it goes back to. */
const place = 'chosen-activities';

/**
 * Adds the activities that the teacher just chose in a tool to the end of the path, once. They are handed over in this tab, not in the
 * address, so that no link can change a path.
 */
export async function keepChosen(pathId: string | undefined): Promise<void> {
  const chosen = JSON.parse(sessionStorage.getItem(place) ?? 'null') as { returnPath: string; activityIds: string[] } | null;
  if (chosen === null || chosen.returnPath !== location.pathname) return;
  sessionStorage.removeItem(place);
  for (const activityId of chosen.activityIds) {
    await myway.post('/paths/:id/steps', { params: { id: pathId }, body: { activityId } });
  }
}
