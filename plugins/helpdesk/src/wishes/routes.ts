export const wishesRoutes = [] as const;
