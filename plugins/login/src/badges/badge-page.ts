import type { Answer } from '@ilearn/core';
import { ApiProblem, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { login } from '../client.js';
import { fieldStyles, textField } from '../fields/text-field.js';
import { type Picture, pictures, picturesChosen } from './pictures.js';
import type { badgeRoutes } from './routes.js';

type State = Answer<typeof badgeRoutes, 'POST', '/badge'>['state'];

/**
 * `/badge#<secret>`: signs a young child in. The secret stands behind `#`, where no server and no log sees it, and is taken from the address,
 * so that it does not stay in the history of a shared device. Without one, the code below the QR code is typed.
 */
@customElement('login-badge-page')
export class BadgePage extends PortalElement {
  static override ns = 'login';
  static override styles = [
    sharedStyles,
    fieldStyles,
    css`
      form {
        display: grid;
        gap: var(--il-space-5);
        max-width: 34rem;
      }
      fieldset {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(6.5rem, 1fr));
        gap: var(--il-space-3);
        padding: 0;
        border: 0;
      }
      legend {
        padding: 0;
        margin-bottom: var(--il-space-3);
        font-size: 1.25rem;
        font-weight: 650;
      }
      fieldset label {
        position: relative;
        display: grid;
        gap: var(--il-space-2);
        place-items: center;
        min-height: 6rem;
        padding: var(--il-space-3);
        font-size: 1.125rem;
        background: var(--il-surface);
        border: 3px solid var(--il-edge);
        border-radius: var(--il-radius);
        cursor: pointer;
      }
      fieldset label il-icon {
        font-size: 2.5rem;
      }
      fieldset label input {
        position: absolute;
        opacity: 0;
      }
      fieldset label:has(:checked) {
        background: var(--il-hover);
        border-color: var(--il-action-edge);
        box-shadow: inset 0 0 0 3px var(--il-action-edge);
      }
      fieldset label:has(:focus-visible) {
        outline: 3px solid var(--il-focus, currentColor);
        outline-offset: 2px;
      }
      .check {
        position: absolute;
        top: var(--il-space-1);
        inset-inline-end: var(--il-space-1);
        font-size: 1.25rem;
      }
      wa-button {
        justify-self: start;
      }
    `,
  ];

  @state() private secret = '';
  @state() private typed = '';
  @state() private known: State | null = null;
  @state() private chosen: readonly Picture[] = [];
  @state() private busy = false;
  @state() private fault: string | undefined;
  @state() private problem: unknown;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#fromAddress();
    addEventListener('hashchange', this.#fromAddress);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.#fromAddress);
  }

  /** The next child may scan a badge while the page of the former one is open. */
  readonly #fromAddress = (): void => {
    const secret = location.hash.slice(1);
    if (secret === '') return;
    history.replaceState(history.state, '', location.pathname);
    this.known = null;
    this.chosen = [];
    void this.#ask(secret);
  };

  async #ask(secret: string): Promise<void> {
    this.secret = secret;
    await this.#try(async () => {
      this.known = (await login.post('/badge', { body: { secret, pictures: null } })).state;
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>('h1')?.focus();
    });
  }

  #submitCode(event: SubmitEvent): void {
    event.preventDefault();
    const typed = this.typed.replace(/\s/g, '');
    if (typed.length < 10) this.fault = this.t('badges.code.missing');
    else void this.#ask(typed);
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.chosen.length !== picturesChosen) {
      this.fault = this.t('badges.three');
      return;
    }
    await this.#try(async () => {
      await login.post('/badge', { body: { secret: this.secret, pictures: [...this.chosen] } });
      // A new document, so that no data of a previous child stays in memory.
      location.assign('/');
    });
  }

  async #try(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.fault = undefined;
    this.problem = undefined;
    try {
      await work();
    } catch (problem) {
      const slug =
        problem instanceof ApiProblem
          ? /\/login\/(badge-closed|badge-unknown|wrong-pictures|too-many-attempts)$/.exec(problem.type)?.[1]
          : undefined;
      if (slug === undefined) this.problem = problem;
      else this.fault = this.t(`badges.fault.${slug}`);
      if (slug === 'wrong-pictures') this.chosen = [];
    } finally {
      this.busy = false;
    }
  }

  #choose(picture: Picture, on: boolean): void {
    this.chosen = on ? [...this.chosen, picture] : this.chosen.filter((each) => each !== picture);
    this.fault = undefined;
  }

  override render() {
    return html`
      <div class="page narrow">
        <h1 tabindex="-1">${this.t('badges.hello')}</h1>
        ${this.problem ? html`<il-problem .problem=${this.problem}></il-problem>` : nothing}
        ${this.known === 'choose' || this.known === 'ask' ? this.#pictures(this.known) : this.#code()}
        <p><a href="/aanmelden?wie=leerling">${this.t('badges.otherWay')}</a></p>
      </div>
    `;
  }

  #code() {
    return html`<form novalidate @submit=${this.#submitCode}>
      <p>${this.t('badges.scan')}</p>
      ${textField({
        name: 'code',
        label: this.t('badges.code.label'),
        hint: this.t('badges.code.hint'),
        autocomplete: 'off',
        value: this.typed,
        error: this.fault,
        onInput: (value) => {
          this.typed = value;
        },
      })}
      <wa-button type="submit" variant="brand" size="large" ?loading=${this.busy}>${this.t('badges.next')}</wa-button>
    </form>`;
  }

  #pictures(known: 'choose' | 'ask') {
    return html`<form novalidate @submit=${this.#submit}>
      <fieldset aria-describedby="fault">
        <legend>${this.t(`badges.${known}`)}</legend>
        ${pictures.map((name) => {
          const on = this.chosen.includes(name);
          return html`<label>
            <input
              type="checkbox"
              name="picture"
              .checked=${on}
              ?disabled=${!on && this.chosen.length === picturesChosen}
              @change=${(event: Event) => this.#choose(name, (event.target as HTMLInputElement).checked)}
            />
            <il-icon name=${name}></il-icon>
            ${this.t(`badges.picture.${name}`)}
            ${on ? html`<il-icon class="check" name="circle-check"></il-icon>` : nothing}
          </label>`;
        })}
      </fieldset>
      <p id="fault" role="alert">${this.fault ?? ''}</p>
      <p role="status">${this.t('badges.count', { count: this.chosen.length, all: picturesChosen })}</p>
      <wa-button type="submit" variant="brand" size="large" ?loading=${this.busy}>${this.t('badges.start')}</wa-button>
    </form>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'login-badge-page': BadgePage;
  }
}
