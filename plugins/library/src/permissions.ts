/** Roles that may read the library, including what is for teachers only. */
export const readers: readonly string[] = ['teacher', 'guest-teacher', 'ict-coordinator', 'principal', 'portal-administrator'];

export const permissions = {
  'library:read': [...readers],
  'library:write': ['teacher', 'guest-teacher', 'ict-coordinator'],
  'library:tools': ['ict-coordinator'],
  'library:select': ['teacher', 'ict-coordinator', 'portal-administrator'],
  'library:provide': ['tool-manager'],
  'library:open-material': ['pupil', ...readers],
};
