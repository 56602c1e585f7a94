import { formatDate, type PortalElement } from '@ilearn/ui';
import { html } from 'lit';

type Translate = (key: string, options?: Record<string, unknown>) => string;

export interface ShownSession {
  day: string;
  starts: string;
  ends: string;
  zone: string;
  room: string;
  link: string;
}

/** A session in words: the day, and what the clock shows where it takes place. */
export const sessionText = ({ day, starts, ends }: Pick<ShownSession, 'day' | 'starts' | 'ends'>): string =>
  `${formatDate(`${day}T12:00:00`, 'day')}, ${starts}–${ends}`;

const tones: Record<string, string> = {
  booked: 'good',
  attended: 'good',
  partial: 'warn',
  offered: 'warn',
  requested: 'warn',
  endorsed: 'warn',
  waitlisted: 'warn',
  declined: 'bad',
  no_show: 'bad',
  event_cancelled: 'bad',
};
const icons: Record<string, string> = { good: 'check', warn: 'clock', bad: 'x' };

/** The state of a sign-up as a mark with an icon and a word. */
export function stateMark(t: Translate, state: string) {
  const tone = tones[state] ?? '';
  return html`<span class="state ${tone}"><il-icon name=${icons[tone] ?? 'minus'}></il-icon>${t(`states.${state}`)}</span>`;
}

const staff = ['teacher', 'ict-coordinator', 'principal'];

/** The school for which somebody signs up: the first in which they work. */
export const schoolOf = ({ session }: PortalElement): string =>
  session?.roles.find(({ tenant, role }) => tenant !== null && staff.includes(role))?.tenant ?? '';
