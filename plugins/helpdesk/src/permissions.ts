/** Who may do what at the helpdesk. */
export const permissions = {
  'helpdesk:ask': ['teacher', 'ict-coordinator', 'principal', 'planner', 'trainer', 'coach', 'tool-manager'],
};
