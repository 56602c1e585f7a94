/** Where a pupil follows a path, and where a colleague does so. */
const ofPupil = '/mijn-paden';
const ofLearner = '/leertraject';

/** The page of an assignment for whoever follows it. */
export const startOf = ({ id, learner_id }: { id: string; learner_id: string | null }): string =>
  `${learner_id === null ? ofPupil : ofLearner}/${id}`;

/** Whether the page that is open is that of a colleague who follows a path. */
export const isLearner = (): boolean => location.pathname.startsWith(`${ofLearner}/`);

/** The page of an assignment, for pages below it. */
export const pageOf = (assignmentId: string | undefined): string => `${isLearner() ? ofLearner : ofPupil}/${assignmentId}`;
