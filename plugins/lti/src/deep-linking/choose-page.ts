import { notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { choiceStyles } from '../choice-styles.js';
import { lti } from '../client.js';
import './kept-choices-list.js';

/** `/oefenprogrammas`: tools in which a teacher can choose. `terug` in the address: path of the page to go back to. */
@customElement('lti-choose-page')
export class ChoosePage extends PortalElement {
  static override ns = 'lti';
  static override styles = [sharedStyles, choiceStyles];

  @property({ attribute: false }) query = new URLSearchParams();

  @state() private school = '';
  @state() private opening: string | undefined;

  readonly #known = new Task(this, { task: (_, { signal }) => lti.get('/choices/tools', { signal }), args: () => [] });

  get #back(): string {
    const back = this.query.get('terug') ?? '';
    return /^\/(?![/\\])[^\s\\]*$/.test(back) ? back : '/bibliotheek';
  }

  async #choose(tool: string): Promise<void> {
    if (this.opening !== undefined) return;
    this.opening = tool;
    try {
      const school = this.school === '' ? {} : { school: this.school };
      const { url } = await lti.post('/choices', { body: { tool, returnPath: this.#back, ...school } });
      location.assign(url);
    } catch (problem) {
      this.opening = undefined;
      notify({ kind: 'error', text: (problem as Error).message });
    }
  }

  override render() {
    return html`<div class="page">
      <il-page-head heading=${this.t('choose.title')} .back=${{ href: this.#back, text: this.t('choose.back') }}>
        <p>${this.t('choose.intro')}</p>
      </il-page-head>
      ${this.#known.render({
        pending: () => html`<il-skeleton lines="4"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#known.run()}></il-problem>`,
        complete: ({ tools, schools }) =>
          tools.length === 0
            ? html`<il-empty icon="plug" heading=${this.t('choose.none')} text=${this.t('choose.noneText')}></il-empty>`
            : html`${schools.length > 1 ? this.#schools(schools) : nothing}
                <ul class="list" aria-label=${this.t('choose.title')}>
                  ${tools.map(
                    ({ key, name }) => html`<li class="row">
                      <span class="grow strong">${name}</span>
                      <wa-button appearance="outlined" ?loading=${this.opening === key} @click=${() => this.#choose(key)}>
                        ${this.t('choose.open')}<span class="visually-hidden"> – ${name}</span>
                      </wa-button>
                    </li>`,
                  )}
                </ul>`,
      })}
      <lti-kept-choices></lti-kept-choices>
    </div>`;
  }

  #schools(schools: readonly { id: string; name: string }[]) {
    return html`<label class="choice"
      >${this.t('choose.school')}
      <select @change=${(event: Event) => (this.school = (event.target as HTMLSelectElement).value)}>
        ${schools.map(({ id, name }) => html`<option value=${id}>${name}</option>`)}
      </select>
    </label>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'lti-choose-page': ChoosePage;
  }
}
