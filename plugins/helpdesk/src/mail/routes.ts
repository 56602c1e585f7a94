export const mailRoutes = [] as const;
