import type { Audience } from './audiences.js';
import type { ArticleState } from './states.js';
import type { ArticleTopic } from './topics.js';

export interface ArticleRow {
  id: string;
  slug: string;
  audience: Audience;
  topic: ArticleTopic;
  /** Keys of the tools that it is about. */
  tools: string[];
  /** `2027-09-01` */
  review_by: string | null;
  shipped: string | null;
  created_at: Date;
  updated_at: Date;
}

export interface RevisionRow {
  id: string;
  article_id: string;
  language: 'nl' | 'en' | 'fr';
  /** Counts the revisions of an article in a language, from 1. */
  number: number;
  state: ArticleState;
  title: string;
  summary: string;
  /** Markdown. */
  body: string;
  version: number;
  author_id: string | null;
  reviewer_id: string | null;
  published_at: Date | null;
  archived_at: Date | null;
  created_at: Date;
  updated_at: Date;
}
