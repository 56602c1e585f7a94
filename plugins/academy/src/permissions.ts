/** Who may do what in the academy. People of schools have the first three, people of training providers the others. */
export const permissions = {
  'academy:enrol': ['teacher', 'ict-coordinator', 'principal'],
  'academy:team': ['principal', 'ict-coordinator'],
  'academy:approve': ['principal'],
  'academy:teach': ['planner', 'trainer'],
  'academy:plan': ['planner'],
  'academy:coaching': ['teacher', 'ict-coordinator', 'principal', 'planner', 'coach'],
  'academy:coach': ['coach'],
  'academy:deliver': ['planner', 'coach'],
  'academy:export': ['planner', 'portal-administrator'],
};
