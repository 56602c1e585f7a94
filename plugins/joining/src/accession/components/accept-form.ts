import { type ApiProblem, PortalElement, sharedStyles } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { joining } from '../../client.js';
import { formStyles } from '../../styles.js';
import type { ContactFunction } from '../../waiting-list/rows.js';

type Role = 'principal' | 'ict-coordinator';
const roles: readonly Role[] = ['principal', 'ict-coordinator'];
/** As the route allows, with the contact. */
const mostColleagues = 4;

/**
 * Accepts an offer: who joins first.
 * @fires joining-accepted
 */
@customElement('joining-accept-form')
export class AcceptForm extends PortalElement {
  static override ns = 'joining';
  static override styles = [sharedStyles, formStyles];

  @property() token = '';
  @property({ attribute: false }) contact = { givenName: '', familyName: '', email: '', function: 'other' as ContactFunction };
  @property({ attribute: false }) schools: readonly { number: string; name: string }[] = [];

  /** Keys of the colleagues. */
  @state() private rows: number[] = [];
  @state() private fault: string | undefined;
  @state() private busy = false;

  override render() {
    const { givenName, familyName, email } = this.contact;
    return html`<form @submit=${this.#submit}>
      <h2>${this.t('accept.title')}</h2>
      <p>${this.t('accept.lead', { email })}</p>
      ${
        this.schools.length > 1
          ? html`<div>
              <p>${this.t('accept.schools')}</p>
              <ul>
                ${this.schools.map(({ number, name }) => html`<li>${name} <span class="muted">${number}</span></li>`)}
              </ul>
            </div>`
          : nothing
      }
      <fieldset>
        <legend>${this.t('accept.own')}</legend>
        <div class="pair">
          <wa-input name="givenName" .value=${givenName} label=${this.t('request.givenName')} maxlength="100" required></wa-input>
          <wa-input name="familyName" .value=${familyName} label=${this.t('request.familyName')} maxlength="100" required></wa-input>
        </div>
        ${this.#roles()}
      </fieldset>
      ${repeat(
        this.rows,
        (key) => key,
        (key, at) => this.#colleague(key, at),
      )}
      ${
        this.rows.length < mostColleagues
          ? html`<div>
              <wa-button appearance="outlined" @click=${this.#add}>
                <il-icon slot="start" name="plus"></il-icon>${this.t('accept.add')}
              </wa-button>
            </div>`
          : nothing
      }
      ${this.fault === undefined ? nothing : html`<p class="fault" role="alert">${this.fault}</p>`}
      <div class="actions">
        <wa-button type="submit" variant="brand" ?loading=${this.busy}>${this.t('accept.accept')}</wa-button>
      </div>
    </form>`;
  }

  /** Whoever asked for the place as principal is that, unless they say otherwise; others may not. */
  #roles() {
    const asked = this.contact.function;
    const given = roles.filter((role) => role !== 'principal' || asked === 'principal' || asked === 'group');
    return html`<div class="checks" role="group" aria-label=${this.t('accept.roles')}>
      ${given.map(
        (role) =>
          html`<wa-checkbox name="roles" value=${role} ?checked=${role !== 'principal' || asked === 'principal'}>
            ${this.t(`functions.${role}`)}
          </wa-checkbox>`,
      )}
    </div>`;
  }

  #colleague(key: number, at: number) {
    return html`<fieldset>
      <legend>${this.t('accept.colleague', { at: at + 1 })}</legend>
      <div class="pair">
        <wa-input name="givenName-${key}" label=${this.t('request.givenName')} maxlength="100" required></wa-input>
        <wa-input name="familyName-${key}" label=${this.t('request.familyName')} maxlength="100" required></wa-input>
      </div>
      <wa-input
        name="email-${key}"
        type="email"
        label=${this.t('request.email')}
        hint=${this.t('accept.colleagueHint')}
        maxlength="254"
        required
      ></wa-input>
      <div>
        <wa-button appearance="plain" @click=${() => this.#remove(key)}>${this.t('accept.remove')}</wa-button>
      </div>
    </fieldset>`;
  }

  #add(): void {
    this.rows = [...this.rows, Math.max(0, ...this.rows) + 1];
  }

  #remove(key: number): void {
    this.rows = this.rows.filter((each) => each !== key);
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.busy) return;
    const data = new FormData(event.target as HTMLFormElement);
    const field = (name: string) => String(data.get(name) ?? '').trim();
    const own = {
      ...{ givenName: field('givenName'), familyName: field('familyName') },
      roles: data.getAll('roles') as Role[],
    };
    const colleagues = this.rows.map((key) => ({
      ...{ givenName: field(`givenName-${key}`), familyName: field(`familyName-${key}`), email: field(`email-${key}`) },
    }));
    this.fault = own.roles.length === 0 ? this.t('accept.needsRole') : undefined;
    if (this.fault !== undefined) return;
    this.busy = true;
    try {
      await joining.post('/requests/accept', { body: { token: this.token, own, colleagues } });
      this.emit('joining-accepted', {});
    } catch (problem) {
      this.fault = (problem as ApiProblem).message;
    } finally {
      this.busy = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'joining-accept-form': AcceptForm;
  }
}
