import { folded } from '@ilearn/plugin-directory/text-search';

const weighted = (expression: string, weight: 'A' | 'B' | 'C' | 'D'): string =>
  `setweight(to_tsvector('dutch', ${folded(expression)}) || to_tsvector('simple', ${folded(expression)}), '${weight}')`;

/** SQL of the search vector of a training: title first, then tools and foci, goals, and the story. */
export const trainingVector = [
  weighted('title', 'A'),
  weighted("array_to_string(tools || foci, ' ')", 'B'),
  weighted('goals', 'C'),
  weighted("story || ' ' || provider_name", 'D'),
].join(' || ');
