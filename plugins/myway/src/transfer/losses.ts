import type { Loss, PathFile } from './format.js';

/** What other systems do not see of a path in a Common Cartridge. This portal reads it again in full. */
export function cartridgeLosses({ steps, blocks, sequence }: PathFile): Loss[] {
  const found: Loss[] = sequence === 'in-order' ? [{ code: 'order', title: '' }] : [];
  for (const block of blocks) found.push({ code: block.kind, title: block.title });
  for (const step of steps) {
    const title = step.title ?? step.activity?.title ?? '';
    if (step.content?.kind === 'quiz' || step.content?.kind === 'moment') found.push({ code: step.content.kind, title });
    if (step.activity?.kind === 'text') found.push({ code: 'formatting', title });
    if (!step.required) found.push({ code: 'optional', title });
    if (step.after.length > 0) found.push({ code: 'prerequisite', title });
  }
  return found;
}

/** What another portal may not have: the tools of activities. */
export const jsonLosses = ({ steps }: PathFile): Loss[] =>
  steps.flatMap(({ activity, title }): Loss[] =>
    activity?.kind === 'lti' ? [{ code: 'tool', title: title ?? activity.title }] : [],
  );
