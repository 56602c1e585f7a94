import { ApiProblem, type PortalElement } from '@ilearn/ui';

const own = /\/problems\/myway\/([a-z-]+)$/;

/** Translates a problem of this plugin; returns other problems unchanged. */
export function inWords(element: PortalElement, problem: unknown): unknown {
  if (!(problem instanceof ApiProblem)) return problem;
  const slug = own.exec(problem.type)?.[1];
  if (slug === undefined) return problem;
  return new ApiProblem(problem.status, {
    type: problem.type,
    title: element.t(`problems.${slug}`),
    requestId: problem.requestId,
  });
}

/** One sentence about a problem, for a notification. */
export function sentenceFor(element: PortalElement, problem: unknown): string {
  const told = inWords(element, problem);
  return told instanceof ApiProblem && (told !== problem || told.status === 0) ? told.title : element.t('problems.unexpected');
}

export const isProblem = (problem: unknown, slug: string): boolean =>
  problem instanceof ApiProblem && own.exec(problem.type)?.[1] === slug;
