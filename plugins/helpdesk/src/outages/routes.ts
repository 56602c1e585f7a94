export const outagesRoutes = [] as const;
