import type { LaunchRates } from '@ilearn/plugin-lti';

/** How a tool does. */
export const toolStates = ['works', 'slow', 'down'] as const;
export type ToolState = (typeof toolStates)[number];

/** What the states are measured by; docs/helpdesk.md repeats the numbers. */
export const thresholds = {
  /** Launches of the last so many minutes count. */
  minutes: 15,
  /** With fewer, nothing is concluded. */
  fewestLaunches: 5,
  /** Share of launches that failed. */
  down: 0.5,
  slow: 0.15,
  /** Median of the seconds until the tool is reached. */
  slowSeconds: 10,
} as const;

type Rates = Pick<LaunchRates, 'launches' | 'failures' | 'schools' | 'failingSchools' | 'medianSeconds'>;

/** The state that launches show. Where several schools launch a tool, the trouble of one alone is its own, such as its network. */
export function measuredState({ launches, failures, schools, failingSchools, medianSeconds }: Rates): ToolState {
  if (launches < thresholds.fewestLaunches) return 'works';
  const ofOneSchool = schools > 1 && failingSchools < 2;
  const share = ofOneSchool ? 0 : failures / launches;
  if (share >= thresholds.down) return 'down';
  const slow = medianSeconds !== null && medianSeconds >= thresholds.slowSeconds;
  return share >= thresholds.slow || slow ? 'slow' : 'works';
}

/** The worse of these. */
export const worst = (states: readonly ToolState[]): ToolState =>
  toolStates[Math.max(0, ...states.map((state) => toolStates.indexOf(state)))] ?? 'works';
