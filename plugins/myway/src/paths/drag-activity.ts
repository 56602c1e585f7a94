import type { ActivitySummary } from '@ilearn/plugin-library';

const type = 'application/x-ilearn-activity';

/** The activity that is dragged; a page drags one thing at a time. */
let dragged: ActivitySummary | undefined;

/** Starts to drag an activity of the library to the steps of a path. */
export function dragActivity(event: DragEvent, activity: ActivitySummary): void {
  dragged = activity;
  event.dataTransfer?.setData(type, activity.id);
  if (event.dataTransfer) event.dataTransfer.effectAllowed = 'copy';
}

export const isActivityDrag = (event: DragEvent): boolean => event.dataTransfer?.types.includes(type) === true;

/** The dropped activity; undefined if something else was dropped. */
export function draggedActivity(event: DragEvent): ActivitySummary | undefined {
  const id = event.dataTransfer?.getData(type);
  return dragged?.id === id ? dragged : undefined;
}
