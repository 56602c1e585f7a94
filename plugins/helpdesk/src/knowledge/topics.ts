/** Under which heading an article stands; in the order in which readers see them. */
export const articleTopics = ['sign-in', 'paths', 'tools', 'class', 'academy', 'privacy', 'helpdesk'] as const;
export type ArticleTopic = (typeof articleTopics)[number];
