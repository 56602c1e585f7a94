import type { Answer } from '@ilearn/core';
import { type ApiProblem, formatMinutes, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { academy } from '../../client.js';
import type { coachingRoutes } from '../routes.js';

type Details = Answer<typeof coachingRoutes, 'GET', '/coachings/:id'>;

/**
 * What both sides of a coaching agreed on: the coach, who stands in, and the hours, with those that were used.
 * @fires academy-changed - after something was agreed, proposed or signed
 */
@customElement('academy-coaching-agreement')
export class CoachingAgreement extends PortalElement {
  static override ns = 'academy';
  static override styles = [
    sharedStyles,
    css`
      .meter {
        display: grid;
        gap: var(--il-space-2);
        max-width: 28rem;
      }
      progress {
        width: 100%;
        height: 14px;
        accent-color: var(--il-line-3);
      }
      form {
        display: grid;
        gap: var(--il-space-4);
        max-width: 40rem;
      }
      details > form {
        margin-top: var(--il-space-3);
      }
      summary {
        display: inline-flex;
        align-items: center;
        min-height: var(--il-target);
        font-weight: 600;
        cursor: pointer;
      }
    `,
  ];

  @property({ attribute: false }) coaching!: Details;
  /** On which side the reader is. */
  @property() side: 'provider' | 'school' = 'school';
  @state() private fault: string | undefined;

  override render() {
    const { coaching } = this;
    return html`<div class="stack">
      ${this.#meter(coaching)} ${this.#proposal(coaching)} ${this.#amendment(coaching)} ${this.#standIn(coaching)}
      ${this.fault === undefined ? nothing : html`<p role="alert">${this.fault}</p>`}
    </div>`;
  }

  #meter({ agreedMinutes, wishedMinutes, usedMinutes, amendedMinutes, amendedBy }: Details) {
    if (agreedMinutes === null) return html`<p>${this.t('coaching.wished', { time: formatMinutes(wishedMinutes) })}</p>`;
    const words = this.t('coaching.used', { used: formatMinutes(usedMinutes) || '0', agreed: formatMinutes(agreedMinutes) });
    const mine = amendedBy === this.side;
    return html`<div class="meter">
        <span id="meter">${words}</span>
        <progress aria-labelledby="meter" max=${agreedMinutes} value=${Math.max(0, usedMinutes)}></progress>
      </div>
      ${
        amendedMinutes === null
          ? nothing
          : html`<p>
              ${this.t(mine ? 'coaching.amendWaits' : 'coaching.amendAsked', { time: formatMinutes(amendedMinutes) })}
              ${mine ? nothing : html`<wa-button size="s" variant="brand" @click=${() => this.#sign()}>${this.t('coaching.sign')}</wa-button>`}
            </p>`
      }`;
  }

  /** The planner proposes a coach and the hours. */
  #proposal({ state: now, parts, coaches, wishedMinutes }: Details) {
    if (now !== 'matching' || !parts.includes('planner')) return nothing;
    if (coaches.length === 0) return html`<p>${this.t('coaching.noCoach')}</p>`;
    return html`<form @submit=${this.#propose}>
      <wa-select name="coach" label=${this.t('coaching.coach')} .value=${coaches[0]?.id ?? ''}>
        ${coaches.map(({ id, name }) => html`<wa-option value=${id}>${name}</wa-option>`)}
      </wa-select>
      <wa-input name="hours" type="number" min="1" max="200" label=${this.t('coaching.agreed')} .value=${String(wishedMinutes / 60)}></wa-input>
      <div class="actions"><wa-button type="submit" variant="brand">${this.t('coaching.propose')}</wa-button></div>
    </form>`;
  }

  /** Either side proposes other hours; they hold once the other has signed them. */
  #amendment({ state: now, agreedMinutes }: Details) {
    if (now !== 'active') return nothing;
    return html`<details>
      <summary>${this.t('coaching.amendTitle')}</summary>
      <form @submit=${this.#amend}>
      <wa-input
        name="amended"
        type="number"
        min="1"
        max="1000"
        label=${this.t('coaching.amendHours')}
        hint=${this.t('coaching.amendNote')}
        .value=${String((agreedMinutes ?? 60) / 60)}
      ></wa-input>
      <div class="actions"><wa-button type="submit" appearance="outlined">${this.t('coaching.amendDo')}</wa-button></div>
      </form>
    </details>`;
  }

  /** The planner names a coach who stands in. */
  #standIn({ state: now, parts, coaches, coachId, standIn, standInId }: Details) {
    const named = standIn === null ? nothing : html`<p>${this.t('coaching.standIn')}: ${standIn}</p>`;
    if (now !== 'active' || !parts.includes('planner')) return named;
    const others = coaches.filter(({ id }) => id !== coachId);
    return html`${named}
      <details>
      <summary>${this.t('coaching.standInTitle')}</summary>
      <form @submit=${this.#nameStandIn}>
        <wa-select
          name="standIn"
          label=${this.t('coaching.standIn')}
          hint=${this.t('coaching.standInHint')}
          .value=${standInId ?? 'nobody'}
        >
          <wa-option value="nobody">${this.t('coaching.noStandIn')}</wa-option>
          ${others.map(({ id, name }) => html`<wa-option value=${id}>${name}</wa-option>`)}
        </wa-select>
        <div class="actions"><wa-button type="submit" appearance="outlined">${this.t('coaching.standInDo')}</wa-button></div>
      </form>
      </details>`;
  }

  async #propose(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const coach = this.#value('coach');
    const agreedMinutes = Math.round(Number(this.#value('hours')) * 60);
    await this.#change((id) => academy.post('/coachings/:id/proposal', { params: { id }, body: { coach, agreedMinutes } }));
  }

  async #amend(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const minutes = Math.round(Number(this.#value('amended')) * 60);
    await this.#change((id) => academy.put('/coachings/:id/amendment', { params: { id }, body: { minutes } }));
  }

  async #nameStandIn(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const chosen = this.#value('standIn');
    const coach = chosen === 'nobody' || chosen === '' ? null : chosen;
    await this.#change((id) => academy.put('/coachings/:id/stand-in', { params: { id }, body: { coach } }));
  }

  #sign() {
    return this.#change((id) => academy.post('/coachings/:id/amendment/signature', { params: { id } }));
  }

  #value(name: string): string {
    return this.renderRoot.querySelector<HTMLInputElement>(`[name=${name}]`)?.value ?? '';
  }

  async #change(call: (id: string) => Promise<unknown>): Promise<void> {
    this.fault = undefined;
    try {
      await call(this.coaching.id);
      notify({ kind: 'success', text: this.t('edit.saved') });
    } catch (problem) {
      this.fault = (problem as ApiProblem).message;
    }
    this.emit('academy-changed', {});
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'academy-coaching-agreement': CoachingAgreement;
  }
}
