import { announce, formatDate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { privacy } from '../client.js';
import type { Restricted } from './routes.js';

/** In the order of GDPR art. 18(1)(a) to (d). */
export const grounds = ['accuracy', 'unlawful', 'claims', 'objection'] as const;
export type Ground = (typeof grounds)[number];

/** Restricts the data of a person for one of the grounds of the law, and ends the restriction. */
@customElement('privacy-restriction')
export class Restriction extends PortalElement {
  static override ns = 'privacy';

  static override styles = [
    sharedStyles,
    css`
      form {
        display: grid;
        gap: var(--il-space-4);
        justify-items: start;
      }
      wa-select {
        width: min(36rem, 100%);
      }
    `,
  ];

  @property() person = '';

  @state() private ground: Ground = 'accuracy';
  @state() private busy = false;

  #restriction = new Task(this, {
    task: async ([id], { signal }) => (await privacy.get('/people/:id/restriction', { params: { id }, signal })).restriction,
    args: () => [this.person] as const,
  });

  async #change(act: () => Promise<unknown>, told: string): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await act();
      await this.#restriction.run();
      announce(this.t(told));
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    } finally {
      this.busy = false;
    }
  }

  #restrict(event: SubmitEvent): void {
    event.preventDefault();
    const body = { ground: this.ground };
    void this.#change(() => privacy.put('/people/:id/restriction', { params: { id: this.person }, body }), 'restriction.started');
  }

  override render() {
    return html`
      <section class="stack" aria-labelledby="restriction">
        <h2 id="restriction">${this.t('restriction.title')}</h2>
        <p>${this.t('restriction.text')}</p>
        ${this.#restriction.render({
          pending: () => html`<il-skeleton lines="2"></il-skeleton>`,
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#restriction.run()}></il-problem>`,
          complete: (restriction) => (restriction === null ? this.#form() : this.#standing(restriction)),
        })}
      </section>
    `;
  }

  #standing({ ground, since }: NonNullable<Restricted>) {
    return html`
      <p class="strong">${this.t('restriction.since', { date: formatDate(since, 'long') })}</p>
      <p>${this.t(`restriction.grounds.${ground}`)}</p>
      <div class="actions">
        <wa-button
          appearance="outlined"
          ?loading=${this.busy}
          @click=${() =>
            this.#change(() => privacy.delete('/people/:id/restriction', { params: { id: this.person } }), 'restriction.ended')}
        >
          ${this.t('restriction.end')}
        </wa-button>
      </div>
    `;
  }

  #form() {
    return html`<form @submit=${this.#restrict}>
      <wa-select
        .label=${this.t('restriction.ground')}
        .value=${this.ground}
        @change=${(event: Event) => {
          this.ground = (event.target as HTMLInputElement).value as Ground;
        }}
      >
        ${grounds.map((each) => html`<wa-option value=${each}>${this.t(`restriction.grounds.${each}`)}</wa-option>`)}
      </wa-select>
      <wa-button type="submit" appearance="outlined" ?loading=${this.busy}>${this.t('restriction.start')}</wa-button>
    </form>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-restriction': Restriction;
  }
}
