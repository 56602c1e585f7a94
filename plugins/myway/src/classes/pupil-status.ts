import type { SlotContext } from '@ilearn/core';
import { formatDate, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { ClassProgressController } from './class-progress.js';
import type { PupilStatus } from './model.js';

const icons: Record<PupilStatus, string> = {
  stuck: 'triangle-alert',
  busy: 'circle-dot',
  todo: 'minus',
  done: 'check',
  none: 'minus',
};

/** In the slot `directory.class-pupil`: how a pupil gets on over all running paths of the class, in one word. */
@customElement('myway-pupil-status')
export class PupilStatusWord extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      :host {
        flex: none;
        color: var(--il-ink-soft);
        font-size: var(--il-text-s);
        text-align: end;
      }
      .word {
        display: inline-flex;
        gap: var(--il-space-1);
        align-items: center;
      }
      .stuck {
        color: var(--il-bad);
        font-weight: 680;
      }
      .done {
        color: var(--il-good);
      }
      .when {
        display: block;
      }
    `,
  ];

  @property({ attribute: false }) context: SlotContext<'directory.class-pupil'> | undefined;

  readonly #progress = new ClassProgressController(this, () => this.context?.classId);

  override render() {
    const pupil = this.#progress.value?.pupils.find(({ id }) => id === this.context?.personId);
    if (pupil === undefined || pupil.status === 'none') return nothing;
    return html`
      <span class="word ${pupil.status}"><il-icon name=${icons[pupil.status]}></il-icon>${this.t(`class.status.${pupil.status}`)}</span>
      ${
        pupil.lastActiveAt === null
          ? nothing
          : html`<span class="when">${this.t('pupil.lastActive', { date: formatDate(pupil.lastActiveAt, 'day') })}</span>`
      }
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'myway-pupil-status': PupilStatusWord;
  }
}
