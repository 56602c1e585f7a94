export const ticketsRoutes = [] as const;
