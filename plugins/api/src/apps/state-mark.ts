import type { PortalElement } from '@ilearn/ui';
import { html, nothing } from 'lit';
import type { AppView } from './app.js';

const icons = { submitted: 'hourglass', approved: 'circle-check', refused: 'circle-x', suspended: 'circle-pause' } as const;

/** The state of an app, as a sign and words. */
export function stateMark(element: PortalElement, { state, pending }: Pick<AppView, 'state' | 'pending'>) {
  const kind = state === 'approved' ? 'good' : state === 'submitted' ? '' : 'bad';
  const waits = pending && state !== 'submitted';
  return html`<span class="state ${kind}"><il-icon name=${icons[state]}></il-icon>${element.t(`states.${state}`)}</span>
    ${waits ? html`<span class="state"><il-icon name="hourglass"></il-icon>${element.t('states.pending')}</span>` : nothing}`;
}
