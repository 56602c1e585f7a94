import { api, confirmDialog, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { licences } from '../client.js';
import { pageStyles } from './page-styles.js';

/**
 * For portal administrators: which tools need a licence, and of which provider they are.
 * @fires licences-tools-changed
 */
@customElement('licences-licensed-tools')
export class LicensedToolsList extends PortalElement {
  static override ns = 'licences';
  static override styles = [sharedStyles, pageStyles];

  @property({ attribute: false }) providers: readonly { id: string; name: string }[] = [];

  @state() private key = '';
  @state() private provider = '';
  @state() private problem: unknown;
  @state() private busy = false;

  readonly #tools = new Task(this, {
    task: async (_, { signal }) => (await licences.get('/tools', { signal })).tools,
    args: () => [],
  });

  /** The tools of the library, whose types this plugin does not know: the library asks for licences, not the other way round. */
  async #known(signal: AbortSignal): Promise<{ key: string; name: string }[]> {
    try {
      return (await api.get<{ tools: { key: string; name: string }[] }>('/api/library/tools', { signal })).tools;
    } catch {
      return [];
    }
  }

  async #do(act: () => Promise<unknown>, done: string): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = undefined;
    try {
      await act();
      notify({ kind: 'success', text: this.t(done) });
    } catch (problem) {
      this.problem = problem;
    } finally {
      this.busy = false;
      await this.#tools.run();
      this.emit('licences-tools-changed');
    }
  }

  override render() {
    const nameOf = (id: string) => this.providers.find((each) => each.id === id)?.name ?? '';
    return html`<section aria-labelledby="tools">
      <h2 id="tools">${this.t('tools.heading')}</h2>
      <p class="muted">${this.t('tools.text')}</p>
      ${this.problem ? html`<il-problem .problem=${this.problem}></il-problem>` : nothing}
      ${this.#tools.render({
        pending: () => html`<il-skeleton lines="3"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#tools.run()}></il-problem>`,
        complete: (tools) =>
          tools.length === 0
            ? html`<p class="muted">${this.t('tools.none')}</p>`
            : html`<ul class="list">
              ${tools.map(
                ({ key, name, provider }) => html`<li class="row">
                  <span class="grow"><span class="strong">${name}</span> · ${nameOf(provider)}</span>
                  <wa-button size="small" appearance="plain" @click=${() => this.#free(key, name)}>${this.t('tools.free')}<span class="visually-hidden"> – ${name}</span></wa-button>
                </li>`,
              )}
            </ul>`,
      })}
      ${this.providers.length === 0 ? nothing : this.#add()}
    </section>`;
  }

  #add() {
    return html`<form class="form" novalidate @submit=${this.#set}>
      <il-combobox
        label=${this.t('tools.tool')}
        .search=${async (text: string, signal: AbortSignal) => {
          const taken = new Set((this.#tools.value ?? []).map(({ key }) => key));
          return (await this.#known(signal))
            .filter(
              ({ key, name }) => !taken.has(key) && /^[a-z0-9-]+$/.test(key) && name.toLowerCase().includes(text.toLowerCase()),
            )
            .slice(0, 50)
            .map(({ key, name }) => ({ value: `${key} ${name}`, label: name }));
        }}
        .options=${this.key === '' ? [] : [{ value: this.key, label: this.key.slice(this.key.indexOf(' ') + 1) }]}
        .value=${this.key}
        @il-change=${({ detail }: CustomEvent<{ value: string }>) => {
          this.key = detail.value;
        }}
      ></il-combobox>
      <il-combobox
        label=${this.t('tools.provider')}
        .options=${this.providers.map(({ id, name }) => ({ value: id, label: name }))}
        .value=${this.provider}
        @il-change=${({ detail }: CustomEvent<{ value: string }>) => {
          this.provider = detail.value;
        }}
      ></il-combobox>
      <div class="actions">
        <wa-button type="submit" appearance="outlined" ?disabled=${this.key === '' || this.provider === ''} ?loading=${this.busy}>${this.t('tools.add')}</wa-button>
      </div>
    </form>`;
  }

  async #set(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const [key = '', ...words] = this.key.split(' ');
    const name = words.join(' ');
    if (key === '' || this.provider === '') return;
    const sure = await confirmDialog({
      title: this.t('tools.addTitle', { name }),
      text: this.t('tools.addText'),
      confirm: this.t('tools.add'),
    });
    if (!sure) return;
    await this.#do(
      () => licences.put('/tools/:key', { params: { key }, body: { provider: this.provider, name } }),
      'tools.added',
    );
    this.key = '';
  }

  async #free(key: string, name: string): Promise<void> {
    const sure = await confirmDialog({
      title: this.t('tools.freeTitle', { name }),
      text: this.t('tools.freeText'),
      confirm: this.t('tools.free'),
      danger: true,
    });
    if (sure) await this.#do(() => licences.post('/tools/:key/free', { params: { key } }), 'tools.freed');
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'licences-licensed-tools': LicensedToolsList;
  }
}
