import { myway } from '../client.js';

/** Adds the activities that a teacher chose in a tool, as the address says (`activiteiten`), to the end of the path; once. */
export async function keepChosen(pathId: string | undefined): Promise<void> {
  const address = new URL(location.href);
  const chosen = address.searchParams.get('activiteiten');
  if (chosen === null) return;
  address.searchParams.delete('activiteiten');
  history.replaceState(history.state, '', address);
  for (const activityId of chosen.split(','))
    await myway.post('/paths/:id/steps', { params: { id: pathId }, body: { activityId } });
}
