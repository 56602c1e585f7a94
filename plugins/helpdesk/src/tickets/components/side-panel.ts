import type { Answer } from '@ilearn/core';
import { PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { helpdesk } from '../../client.js';
import type { deskRoutes } from '../desk-routes.js';
import { attempt } from './attempt.js';
import { traceList } from './marks.js';
import { ticketStyles } from './styles.js';
import { thread } from './thread.js';

type Preview = Answer<typeof deskRoutes, 'GET', '/tickets/:id/side-preview'>;

/** Side conversations of a ticket. What goes out to a provider is shown, and can be changed, before it goes. */
@customElement('helpdesk-side-panel')
export class SidePanel extends PortalElement {
  static override ns = 'helpdesk';
  static override styles = [sharedStyles, ticketStyles];

  @property() ticket = '';
  /** Changes when the ticket did. */
  @property() revision = '';
  @state() private preview: Preview | undefined;
  @state() private provider = '';
  @state() private withTrace = true;
  @state() private fault: string | undefined;

  readonly #sides = new Task(this, {
    task: async ([id], { signal }) => (await helpdesk.get('/tickets/:id/sides', { params: { id }, signal })).sides,
    args: () => [this.ticket, this.revision] as const,
  });

  override render() {
    const t = (key: string, options?: Record<string, unknown>) => this.t(key, options);
    return html`<section class="stack" aria-labelledby="sides">
      <h2 id="sides">${this.t('tickets.sides.title')}</h2>
      ${(this.#sides.value ?? []).map(
        ({ id, provider, subject, messages }) => html`<wa-details summary=${[provider, subject].filter(Boolean).join(' · ')}>
          ${thread(t, messages)}
          <form @submit=${(event: SubmitEvent) => this.#answer(event, id)}>
            <wa-textarea name="text" rows="3" maxlength="20000" label=${this.t('tickets.sides.text')}></wa-textarea>
            <div class="actions"><wa-button size="s" type="submit" appearance="outlined">${this.t('tickets.sides.send')}</wa-button></div>
          </form>
        </wa-details>`,
      )}
      <div class="actions">
        <wa-button size="s" appearance="outlined" @click=${() => this.#open()}>${this.t('tickets.sides.ask')}</wa-button>
      </div>
      ${this.fault === undefined ? nothing : html`<p role="alert">${this.fault}</p>`}
      ${this.#dialog()}
    </section>`;
  }

  #dialog() {
    const preview = this.preview;
    return html`<il-dialog heading=${this.t('tickets.sides.ask')} .open=${preview !== undefined} @il-close=${() => this.#close()}>
      ${
        preview === undefined
          ? nothing
          : html`<form id="side" @submit=${this.#send}>
              <p>${this.t('tickets.sides.what')}</p>
              <il-combobox
                label=${this.t('tickets.sides.provider')}
                .options=${preview.providers.map(({ id, name }) => ({ value: id, label: name }))}
                .value=${this.provider}
                @il-change=${(event: CustomEvent<{ value: string }>) => this.#choose(event.detail.value)}
              ></il-combobox>
              <wa-input name="subject" maxlength="200" label=${this.t('tickets.ask.subject')} .value=${preview.subject}></wa-input>
              <wa-textarea name="text" rows="6" maxlength="20000" label=${this.t('tickets.sides.text')} .value=${preview.text}></wa-textarea>
              ${
                preview.trace === null
                  ? nothing
                  : html`<wa-checkbox ?checked=${this.withTrace} @change=${(event: Event) => this.#attach((event.target as HTMLInputElement).checked)}
                        >${this.t('tickets.sides.trace')}</wa-checkbox
                      >
                      ${traceList(preview.trace)}`
              }
              ${this.fault === undefined ? nothing : html`<p role="alert">${this.fault}</p>`}
              <div class="actions"><wa-button type="submit" variant="brand">${this.t('tickets.sides.send')}</wa-button></div>
            </form>`
      }
    </il-dialog>`;
  }

  #choose(provider: string): void {
    this.provider = provider;
  }

  #attach(on: boolean): void {
    this.withTrace = on;
  }

  #close(): void {
    this.preview = undefined;
    this.fault = undefined;
  }

  async #open(): Promise<void> {
    this.fault = await attempt(async () => {
      this.preview = await helpdesk.get('/tickets/:id/side-preview', { params: { id: this.ticket } });
    });
  }

  async #send(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    if (this.provider === '') {
      this.fault = this.t('tickets.sides.providerMissing');
      return;
    }
    this.fault = await attempt(async () => {
      const body = {
        ...{ provider: this.provider, withTrace: this.withTrace },
        ...{ subject: String(data.get('subject') ?? ''), text: String(data.get('text') ?? '') },
      };
      await helpdesk.post('/tickets/:id/sides', { params: { id: this.ticket }, body });
      this.#close();
      this.emit('il-changed', {});
      await this.#sides.run();
    });
  }

  async #answer(event: SubmitEvent, id: string): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const text = String(new FormData(form).get('text') ?? '').trim();
    if (text === '') return;
    this.fault = await attempt(async () => {
      await helpdesk.post('/sides/:id/messages', { params: { id }, body: { text } });
      form.reset();
      await this.#sides.run();
    });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'helpdesk-side-panel': SidePanel;
  }
}
