import { html } from 'lit';

const tones: Record<string, string> = { active: 'good', closed: 'good', declined: 'bad', withdrawn: 'bad', expired: 'bad' };
const icons: Record<string, string> = { good: 'check', warn: 'clock', bad: 'x' };

/** The state of a coaching as a mark with an icon and a word. */
export function coachingMark(t: (key: string, options?: Record<string, unknown>) => string, state: string) {
  const tone = tones[state] ?? 'warn';
  return html`<span class="state ${tone}"><il-icon name=${icons[tone] ?? 'clock'}></il-icon>${t(`coachingStates.${state}`)}</span>`;
}
