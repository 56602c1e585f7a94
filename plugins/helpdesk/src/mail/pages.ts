export const mailPages = [] as const;
