import { api, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { appStyles } from '../apps/app-styles.js';
import { apps } from '../client.js';

interface Document {
  paths: Record<string, Record<string, { summary: string; 'x-machines'?: { scope?: string } }>>;
}

interface Answered {
  status: number;
  /** What was asked, as a command. */
  asked: string;
  text: string;
}

/** Longer answers are cut off on the page. */
const mostShown = 20_000;

/** Asks what an app can ask, with a token of the app for the school in which nobody is real, and shows the answer as it came. */
@customElement('api-try-out')
export class TryOut extends PortalElement {
  static override ns = 'api';
  static override styles = [
    sharedStyles,
    appStyles,
    css`
      :host,
      section > *,
      select {
        min-width: 0;
        max-width: 100%;
      }
      form,
      .choice {
        grid-template-columns: minmax(0, 1fr);
      }
      pre {
        max-block-size: 24rem;
        overflow: auto;
        padding: var(--il-space-3);
        background: var(--il-surface);
        border: 1px solid var(--il-rule);
        border-radius: var(--il-radius);
      }
    `,
  ];

  /** Id of the app. */
  @property() app = '';
  /** Scopes that the portal approved. */
  @property({ attribute: false }) scopes: readonly string[] = [];

  @state() private path = '';
  @state() private busy = false;
  @state() private answered: Answered | null = null;
  @state() private fault = '';
  /** Not shown: the page asks for another one when it is over. */
  #token: { value: string; until: number } | null = null;

  readonly #routes = new Task(this, {
    task: async ([scopes], { signal }) => {
      const { paths } = await api.get<Document>('/api/openapi.json', { signal });
      return Object.entries(paths).flatMap(([path, { get }]) =>
        scopes.includes(get?.['x-machines']?.scope ?? '') ? [{ path, summary: get?.summary ?? '' }] : [],
      );
    },
    args: () => [this.scopes] as const,
  });

  async #tokenNow(): Promise<string> {
    if (this.#token !== null && this.#token.until > Date.now()) return this.#token.value;
    const { token, expiresIn } = await apps.post('/apps/:id/sandbox', { params: { id: this.app } });
    this.#token = { value: token, until: Date.now() + (expiresIn - 10) * 1_000 };
    return token;
  }

  async #ask(event: Event): Promise<void> {
    event.preventDefault();
    if (this.busy) return;
    this.fault = '';
    this.answered = null;
    const url = addressOf(this.path);
    if (url === null) {
      this.fault = this.t('tryOut.noPath');
      return;
    }
    this.busy = true;
    try {
      const authorization = `Bearer ${await this.#tokenNow()}`;
      const response = await fetch(url, { headers: { authorization }, credentials: 'omit', cache: 'no-store' });
      // A token that was ended meanwhile is of no more use.
      if (response.status === 401) this.#token = null;
      const text = readable(await response.text(), response.headers.get('content-type') ?? '');
      this.answered = {
        status: response.status,
        asked: `curl '${url.href.replaceAll("'", '%27')}' -H "authorization: Bearer $TOKEN"`,
        text: text.length > mostShown ? `${text.slice(0, mostShown)}…` : text,
      };
    } catch (problem) {
      this.fault = (problem as Error).message;
    } finally {
      this.busy = false;
    }
  }

  override render() {
    return html`<section class="stack">
      <h2>${this.t('tryOut.title')}</h2>
      <p class="muted">${this.t('tryOut.lead')}</p>
      ${this.#routes.render({
        pending: () => html`<il-skeleton lines="2"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#routes.run()}></il-problem>`,
        complete: (routes) =>
          html`<form @submit=${this.#ask}>
            <label class="choice">
              ${this.t('tryOut.route')}
              <select @change=${(event: Event) => (this.path = (event.target as HTMLSelectElement).value)}>
                <option value="">${this.t('tryOut.choose')}</option>
                ${routes.map(({ path }) => html`<option value=${path}>${path}</option>`)}
              </select>
            </label>
            <wa-input
              required
              .label=${this.t('tryOut.path')}
              .hint=${this.t('tryOut.pathHint')}
              .value=${this.path}
              @input=${(event: Event) => (this.path = (event.target as HTMLInputElement).value)}
            ></wa-input>
            ${this.fault === '' ? nothing : html`<p class="error" role="alert">${this.fault}</p>`}
            <div><wa-button type="submit" appearance="outlined" ?loading=${this.busy} @click=${this.#ask}>${this.t('tryOut.ask')}</wa-button></div>
          </form>`,
      })}
      <div role="status">
        ${
          this.answered === null
            ? nothing
            : html`<p>${this.t('tryOut.answer', { status: String(this.answered.status) })}</p>
                <pre tabindex="0" aria-label=${this.t('tryOut.asked')}>${this.answered.asked}</pre>
                <pre tabindex="0" aria-label=${this.t('tryOut.body')}>${this.answered.text}</pre>`
        }
      </div>
    </section>`;
  }
}

/** Address on this portal of a path of the API, without parts that have to be filled in; null: it is none. */
function addressOf(path: string): URL | null {
  try {
    const url = new URL(path, location.origin);
    const isFilledIn = !/[{}]/.test(decodeURIComponent(url.pathname));
    return url.origin === location.origin && url.pathname.startsWith('/api/') && isFilledIn ? url : null;
  } catch {
    return null;
  }
}

/** JSON with a line for each value; anything else as it came. */
function readable(text: string, type: string): string {
  if (!/[/+]json\b/.test(type)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'api-try-out': TryOut;
  }
}
