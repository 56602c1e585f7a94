import { ApiProblem, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { privacy } from '../client.js';
import './erasure-state.js';
import type { Erasable, Erasure } from './routes.js';

/** Shows what erasing a person deletes, and erases the person after their name was typed. */
@customElement('privacy-erasure-form')
export class ErasureForm extends PortalElement {
  static override ns = 'privacy';

  static override styles = [
    sharedStyles,
    css`
      table {
        max-width: 48rem;
      }
      form {
        display: grid;
        gap: var(--il-space-4);
        justify-items: start;
      }
      wa-input {
        width: min(26rem, 100%);
      }
      .error {
        color: var(--il-bad);
        font-weight: 600;
      }
    `,
  ];

  @property({ attribute: false }) person!: { id: string; name: string };

  @state() private rows: Erasable[] | null = null;
  @state() private typed = '';
  @state() private wrong = false;
  @state() private busy = false;
  @state() private asked: Erasure | null = null;

  async #busyWith(act: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await act();
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    } finally {
      this.busy = false;
    }
  }

  #look(): Promise<void> {
    return this.#busyWith(async () => {
      this.rows = await privacy.get('/people/:id/erasure', { params: { id: this.person.id } });
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>('h3')?.focus();
    });
  }

  #erase(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    return this.#busyWith(async () => {
      try {
        const { id } = this.person;
        this.asked = await privacy.post('/people/:id/erasure', { params: { id }, body: { name: this.typed } });
        await this.updateComplete;
        this.renderRoot.querySelector<HTMLElement>('h2')?.focus();
      } catch (problem) {
        const type = problem instanceof ApiProblem ? problem.type : '';
        if (type.endsWith('/privacy/yourself')) notify({ kind: 'error', text: this.t('erasure.yourself') });
        else if (type.endsWith('/privacy/not-confirmed')) {
          this.wrong = true;
          this.renderRoot.querySelector<HTMLElement>('wa-input')?.focus();
        } else throw problem;
      }
    });
  }

  override render() {
    return html`
      <section class="stack" aria-labelledby="erasure">
        <h2 id="erasure" tabindex="-1">${this.t('erasure.title')}</h2>
        ${this.asked === null ? this.#ask() : html`<privacy-erasure-state .erasure=${this.asked}></privacy-erasure-state>`}
      </section>
    `;
  }

  #ask() {
    return html`
      <p>${this.t('erasure.text')}</p>
      ${
        this.rows === null
          ? html`<div class="actions">
              <wa-button appearance="outlined" ?loading=${this.busy} @click=${() => this.#look()}>
                <il-icon slot="start" name="eye"></il-icon>${this.t('erasure.look')}
              </wa-button>
            </div>`
          : this.#form(this.rows)
      }
    `;
  }

  #form(rows: Erasable[]) {
    const { name } = this.person;
    return html`
      <h3 tabindex="-1">${this.t('erasure.would', { name })}</h3>
      ${rows.length === 0 ? html`<p class="muted">${this.t('erasure.nothing')}</p>` : this.#rows(rows)}
      <wa-callout variant="warning">
        <il-icon slot="icon" name="warning"></il-icon>
        <p>${this.t('erasure.warning')}</p>
      </wa-callout>
      <form novalidate @submit=${this.#erase}>
        <wa-input
          .label=${this.t('erasure.confirm', { name })}
          autocomplete="off"
          .value=${this.typed}
          aria-describedby="wrong"
          @input=${(event: Event) => {
            this.typed = (event.target as HTMLInputElement).value;
            this.wrong = false;
          }}
        ></wa-input>
        <p class="error" id="wrong" role="alert" ?hidden=${!this.wrong}>${this.wrong ? this.t('erasure.wrong', { name }) : nothing}</p>
        <wa-button type="submit" appearance="accent" variant="danger" ?loading=${this.busy}>
          ${this.t('erasure.erase', { name })}
        </wa-button>
      </form>
    `;
  }

  #rows(rows: Erasable[]) {
    const label = (key: string) => this.t(`erasure.${key}`);
    return html`
      <table class="stacked">
        <thead>
          <tr>
            <th scope="col">${label('table')}</th>
            <th scope="col">${label('action')}</th>
            <th scope="col" class="number">${label('rows')}</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ title, action, rows: count }) => html`<tr>
              <th scope="row">${title}</th>
              <td data-label=${label('action')}>${this.t(`erasure.actions.${action}`)}</td>
              <td class="number" data-label=${label('rows')}>${count}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-erasure-form': ErasureForm;
  }
}
