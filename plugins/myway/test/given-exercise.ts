import type { World } from './world.js';

/** A path of one exercise, given to 3A, with what the teacher sees of the first pupil. */
export async function givenExercise(world: World) {
  const path = await world.path([await world.ltiActivity()]);
  const assignment = await world.assign(path.id);
  const [pupil] = world.pupils;
  const placement = { assignmentId: assignment.id as string, stepId: path.steps[0].id as string, pupil };
  const board = `/api/myway/assignments/${assignment.id}`;
  return {
    placement,
    assignment,
    board,
    cell: async () => (await world.teacher.client.get(`${board}/progress`)).body.rows[0].cells[0],
    detail: async () => (await world.teacher.client.get(`${board}/pupils/${pupil.id}`)).body.steps[0],
    set: (state: string) => world.teacher.client.put(`${board}/pupils/${pupil.id}/steps/${placement.stepId}`, { state }),
  };
}
