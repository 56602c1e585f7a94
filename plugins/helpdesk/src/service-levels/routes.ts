export const serviceLevelsRoutes = [] as const;
