/** Files in reading order: each after those that its rows refer to. */
export const fileNames = ['academicSessions', 'orgs', 'courses', 'users', 'roles', 'classes', 'enrollments'] as const;
export type FileName = (typeof fileNames)[number];
