import { type ApiProblem, locale, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { joining } from '../../client.js';
import { formStyles } from '../../styles.js';
import { type ContactFunction, functions, mostSchools } from '../rows.js';

type Kind = 'school' | 'group';

/** `/wachtlijst`: a school or school group asks for a place, without an account. */
@customElement('joining-request-page')
export class RequestPage extends PortalElement {
  static override ns = 'joining';
  static override styles = [sharedStyles, formStyles];

  @state() private kind: Kind = 'school';
  /** Keys of the rows of schools. */
  @state() private rows: number[] = [0];
  @state() private fault: string | undefined;
  @state() private busy = false;
  /** The address to which the link was sent. */
  @state() private sentTo: string | undefined;

  readonly #demo = new Task(this, {
    task: async (_, { signal }) => joining.get('/demo-account', { signal }),
    args: () => [],
  });

  override render() {
    return html`<div class="page narrow">
      <il-page-head heading=${this.t(this.sentTo === undefined ? 'request.title' : 'request.sentTitle')}>
        ${this.sentTo === undefined ? html`<p>${this.t('request.lead')}</p>` : nothing}
        ${this.#demo.value?.offered === true ? html`<p>${this.t('request.try')} <a href="/proefaccount">${this.t('demo.title')}</a></p>` : nothing}
      </il-page-head>
      ${this.#demo.value?.demonstration === true ? html`<p class="fault">${this.t('problems.demonstration')}</p>` : nothing}
      ${this.sentTo === undefined ? this.#form() : this.#sent(this.sentTo)}
    </div>`;
  }

  #sent(email: string) {
    return html`<div class="stack">
      <p role="status">${this.t('request.sent', { email })}</p>
      <p class="muted">${this.t('request.sentLater')}</p>
    </div>`;
  }

  #form() {
    return html`<form @submit=${this.#submit}>
      <wa-radio-group
        name="kind"
        label=${this.t('request.for')}
        .value=${this.kind}
        @change=${(event: Event) => this.#choose((event.target as HTMLInputElement).value as Kind)}
      >
        <wa-radio value="school">${this.t('request.kinds.school')}</wa-radio>
        <wa-radio value="group">${this.t('request.kinds.group')}</wa-radio>
      </wa-radio-group>
      <fieldset>
        <legend>${this.t(`request.of.${this.kind}`)}</legend>
        ${
          this.kind === 'group'
            ? html`<wa-input name="groupName" label=${this.t('request.groupName')} maxlength="200" required></wa-input>`
            : nothing
        }
        ${repeat(
          this.rows,
          (key) => key,
          (key, at) => this.#school(key, at),
        )}
        ${
          this.kind === 'group' && this.rows.length < mostSchools
            ? html`<div>
                <wa-button appearance="outlined" @click=${this.#add}>
                  <il-icon slot="start" name="plus"></il-icon>${this.t('request.addSchool')}
                </wa-button>
              </div>`
            : nothing
        }
      </fieldset>
      <fieldset>
        <legend>${this.t('request.contact')}</legend>
        <div class="pair">
          <wa-input name="givenName" label=${this.t('request.givenName')} autocomplete="given-name" maxlength="100" required></wa-input>
          <wa-input name="familyName" label=${this.t('request.familyName')} autocomplete="family-name" maxlength="100" required></wa-input>
        </div>
        <wa-input
          name="email"
          type="email"
          label=${this.t('request.email')}
          hint=${this.t('request.emailHint')}
          autocomplete="email"
          maxlength="254"
          required
        ></wa-input>
        <wa-select name="function" label=${this.t('request.function')} .value=${'principal'}>
          ${functions.map((each) => html`<wa-option value=${each}>${this.t(`functions.${each}`)}</wa-option>`)}
        </wa-select>
        <wa-textarea name="remark" rows="3" label=${this.t('request.remark')} maxlength="2000"></wa-textarea>
      </fieldset>
      <p class="muted">${this.t('request.kept')} <a href="/privacy">${this.t('request.privacy')}</a></p>
      ${this.fault === undefined ? nothing : html`<p class="fault" role="alert">${this.fault}</p>`}
      <div class="actions">
        <wa-button type="submit" variant="brand" ?loading=${this.busy}>${this.t('request.send')}</wa-button>
      </div>
    </form>`;
  }

  #school(key: number, at: number) {
    return html`<div class="numbered">
      <wa-input
        name="number"
        label=${this.t('request.number')}
        inputmode="numeric"
        pattern="[0-9]{6}"
        maxlength="6"
        title=${this.t('request.numberHint')}
        placeholder="123456"
        required
      ></wa-input>
      <wa-input name="name" label=${this.t('request.school')} autocomplete="organization" maxlength="200" required></wa-input>
      ${
        this.rows.length > 1
          ? html`<wa-button appearance="plain" @click=${() => this.#remove(key)}>
              <il-icon name="x"></il-icon><span class="visually-hidden">${this.t('request.removeSchool', { at: at + 1 })}</span>
            </wa-button>`
          : nothing
      }
    </div>`;
  }

  #choose(kind: Kind): void {
    this.kind = kind;
    if (kind === 'school') this.rows = this.rows.slice(0, 1);
  }

  #add(): void {
    this.rows = [...this.rows, Math.max(...this.rows) + 1];
  }

  #remove(key: number): void {
    this.rows = this.rows.filter((each) => each !== key);
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.busy) return;
    const data = new FormData(event.target as HTMLFormElement);
    const all = (name: string) => data.getAll(name).map((each) => String(each).trim());
    const field = (name: string) => all(name)[0] ?? '';
    const names = all('name');
    this.busy = true;
    this.fault = undefined;
    try {
      await joining.post('/requests', {
        body: {
          kind: this.kind,
          groupName: this.kind === 'group' ? field('groupName') : null,
          schools: all('number').map((number, at) => ({ number, name: names[at] ?? '' })),
          ...{ givenName: field('givenName'), familyName: field('familyName'), email: field('email') },
          ...{ function: field('function') as ContactFunction, remark: field('remark') },
          language: locale().slice(0, 2) as 'nl' | 'en' | 'fr',
        },
      });
      this.sentTo = field('email');
    } catch (problem) {
      const { errors, message } = problem as ApiProblem;
      const isNumber = errors?.some(({ pointer }) => pointer?.endsWith('/number'));
      this.fault = isNumber ? this.t('request.numberHint') : message;
    } finally {
      this.busy = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'joining-request-page': RequestPage;
  }
}
