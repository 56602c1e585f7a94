import { formatDate } from '@ilearn/ui';
import { html, nothing } from 'lit';

type Translate = (key: string, options?: Record<string, unknown>) => string;

export interface Shown {
  state: string;
  turn: string;
}

/** In plain words: whose turn it is, or how it ended. */
export function turnMark(t: Translate, { state, turn }: Shown) {
  const over = state === 'closed' || state === 'merged' || state === 'spam';
  const tone = over ? 'good' : turn === 'you' ? 'warn' : '';
  const icon = over ? 'check' : turn === 'you' ? 'flag' : 'clock';
  const words = over || state === 'solved' ? t(`tickets.states.${state}`) : t(`tickets.turns.${turn}`);
  return html`<span class="state ${tone}"><il-icon name=${icon}></il-icon>${words}</span>`;
}

/** The state as helpers say it. */
export const stateMark = (t: Translate, state: string) =>
  html`<span class="state ${state === 'closed' || state === 'solved' ? 'good' : ''}">${t(`tickets.states.${state}`)}</span>`;

/** When it is due: in words, and marked when it is over. */
export function dueMark(t: Translate, dueAt: string | null) {
  if (dueAt === null) return nothing;
  const late = new Date(dueAt).getTime() < Date.now();
  const words = formatDate(dueAt, 'time');
  return late
    ? html`<span class="state bad"><il-icon name="triangle-alert"></il-icon>${t('tickets.late', { at: words })}</span>`
    : html`<span class="small">${words}</span>`;
}

export interface ShownLine {
  at: string;
  outcome: string;
  text: string;
}

/** The steps of a launch, as whoever asked sees what is sent. */
export const traceList = (lines: readonly ShownLine[]) =>
  html`<ol class="trace">
    ${lines.map(
      ({ at, outcome, text }) =>
        html`<li class=${outcome === 'ok' ? '' : 'failed'}>${formatDate(at, 'time')} · ${text}${outcome === 'ok' ? '' : html` <span class="code">${outcome}</span>`}</li>`,
    )}
  </ol>`;
