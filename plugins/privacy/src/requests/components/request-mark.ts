import { formatDate } from '@ilearn/ui';
import { css, html, type TemplateResult } from 'lit';

type Translate = (key: string, options?: Record<string, unknown>) => string;

export const dueStyles = css`
  .due {
    display: inline-flex;
    gap: var(--il-space-1);
    align-items: center;
    font-weight: 600;
    white-space: nowrap;
  }
  .overdue {
    color: var(--il-bad);
  }
  .soon {
    color: var(--il-warn);
  }
`;

const soonDays = 7;

/** The deadline of a request in words and colour. */
export function dueMark({ dueOn, days }: { dueOn: string | null; days: number | null }, t: Translate): TemplateResult {
  if (dueOn === null || days === null) return html`<span class="muted">${t('requests.noDeadline')}</span>`;
  const date = formatDate(dueOn, 'short');
  if (days < 0) {
    return html`<span class="due overdue"><il-icon name="triangle-alert"></il-icon>${t('requests.overdue', { date, count: -days })}</span>`;
  }
  const text = days === 0 ? t('requests.dueToday') : t('requests.due', { date, count: days });
  return html`<span class="due ${days <= soonDays ? 'soon' : ''}"><il-icon name="clock"></il-icon>${text}</span>`;
}
