export const wishesPages = [] as const;
