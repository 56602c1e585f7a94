import { formatDate, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';

/** Period, seats and price as they are typed. */
export interface TypedTerms {
  startsOn: string;
  endsOn: string;
  graceDays: string;
  seats: string;
  counts: 'pupils' | 'everyone';
  price: string;
}

export const emptyTerms: TypedTerms = { startsOn: '', endsOn: '', graceDays: '14', seats: '', counts: 'pupils', price: '' };

export type TermsFault = 'startsOn' | 'endsOn' | 'seats' | 'graceDays';

/** The first field that cannot be sent; null: all can. */
export function faultOf({ startsOn, endsOn, seats, graceDays }: TypedTerms): TermsFault | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(startsOn)) return 'startsOn';
  if (!/^\d{4}-\d{2}-\d{2}$/.test(endsOn) || endsOn < startsOn) return 'endsOn';
  if (seats.trim() !== '' && !/^[1-9]\d{0,5}$/.test(seats.trim())) return 'seats';
  return /^\d{1,2}$/.test(graceDays.trim()) && Number(graceDays) <= 90 ? null : 'graceDays';
}

export const termsOf = ({ startsOn, endsOn, graceDays, seats, counts, price }: TypedTerms) => ({
  startsOn,
  endsOn,
  graceDays: Number(graceDays),
  seats: seats.trim() === '' ? null : Number(seats),
  counts,
  price: price.trim(),
});

/**
 * Fields for the terms of a licence.
 * @fires licences-terms - `TypedTerms`
 */
@customElement('licences-terms-form')
export class TermsForm extends PortalElement {
  static override ns = 'licences';
  static override styles = [
    sharedStyles,
    css`
      :host {
        display: grid;
        gap: var(--il-space-4);
      }
      .two {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr));
        gap: var(--il-space-4);
      }
      .error {
        color: var(--il-bad);
      }
    `,
  ];

  @property({ attribute: false }) terms: TypedTerms = emptyTerms;
  /** A renewal keeps who needs a seat, and the days after the end. */
  @property({ type: Boolean }) renewal = false;
  @property({ attribute: false }) wrong: TermsFault | null = null;

  override render() {
    const { terms } = this;
    return html`
      <div class="two">
        ${this.#field('startsOn', 'date')} ${this.#field('endsOn', 'date')}
      </div>
      ${this.#error('startsOn')} ${this.#error('endsOn')}
      <div class="two">
        ${this.#field('seats', 'number', this.t('form.seatsHint'))}
        ${
          this.renewal
            ? nothing
            : html`<wa-select label=${this.t('form.counts')} .value=${terms.counts} @change=${(event: Event) => this.#set('counts', event)}>
              ${(['pupils', 'everyone'] as const).map((each) => html`<wa-option value=${each}>${this.t(`form.countsOptions.${each}`)}</wa-option>`)}
            </wa-select>`
        }
      </div>
      ${this.#error('seats')}
      ${this.renewal ? nothing : html`${this.#field('graceDays', 'number', this.t('form.graceDaysHint'))} ${this.#error('graceDays')}`}
      ${this.#field('price', 'text', this.t('form.priceHint'))}
    `;
  }

  #field(field: 'startsOn' | 'endsOn' | 'seats' | 'graceDays' | 'price', type: 'date' | 'number' | 'text', hint = '') {
    const day = type === 'date' && this.terms[field] !== '' ? formatDate(this.terms[field], 'long') : hint;
    return html`<wa-input
      id=${field}
      type=${type}
      label=${this.t(`form.${field}`)}
      hint=${day}
      maxlength="300"
      autocomplete="off"
      .value=${this.terms[field]}
      @input=${(event: Event) => this.#set(field, event)}
    ></wa-input>`;
  }

  #error(field: TermsFault) {
    return this.wrong === field ? html`<p class="error" role="alert">${this.t(`form.wrong.${field}`)}</p>` : nothing;
  }

  #set(field: keyof TypedTerms, event: Event): void {
    this.emit('licences-terms', { ...this.terms, [field]: (event.target as HTMLInputElement).value });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'licences-terms-form': TermsForm;
  }
}
