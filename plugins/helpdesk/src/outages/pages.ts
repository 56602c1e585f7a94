export const outagesPages = [] as const;
