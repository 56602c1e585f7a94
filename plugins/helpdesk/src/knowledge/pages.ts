export const knowledgePages = [] as const;
