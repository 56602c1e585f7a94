import { confirmDialog, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { dataSpace } from '../client.js';
import type { ReleaseView } from '../releases/routes.js';
import { pager, queryOf } from './pager.js';
import { releaseStyles } from './release-styles.js';
import './release-dialog.js';
import './release-preview.js';

/** `/beheer/data`: what data stewards describe, look at, approve and publish. */
@customElement('data-space-steward-page')
export class StewardPage extends PortalElement {
  static override ns = 'data-space';
  static override styles = [sharedStyles, releaseStyles];

  /** What is described: a new data set, or the next version of one; null: nothing. */
  @state() private described: { of: ReleaseView | null } | null = null;
  /** What is being withdrawn, and why. */
  @state() private withdrawn: { release: ReleaseView; reason: string } | null = null;
  /** Versions whose effect is shown. */
  @state() private open: ReadonlySet<string> = new Set();
  @state() private busy = false;

  @state() private pageAfter: string | null = null;

  readonly #all = new Task(this, {
    task: ([after], { signal }) => dataSpace.get('/releases', { query: queryOf(after), signal }),
    args: () => [this.pageAfter] as const,
  });

  #go(to: string | null): void {
    this.pageAfter = to;
    this.renderRoot.querySelector('il-page-head')?.focus();
  }

  async #act(text: string, act: () => Promise<unknown>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await act();
      notify({ kind: 'success', text });
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    } finally {
      this.busy = false;
    }
    await this.#all.run();
    this.renderRoot.querySelector('il-page-head')?.focus();
  }

  async #publish({ id, title, version, tier }: ReleaseView): Promise<void> {
    const sure = await confirmDialog({
      title: this.t('steward.sure'),
      text: this.t('steward.sureText', { title, version }),
      confirm: this.t('steward.publish'),
    });
    if (!sure) return;
    await this.#act(this.t(tier === 'open' ? 'steward.published' : 'steward.preparing'), () =>
      dataSpace.post('/releases/:id/publish', { params: { id } }),
    );
  }

  async #drop({ id, title, version }: ReleaseView): Promise<void> {
    const sure = await confirmDialog({
      title: this.t('steward.dropSure'),
      text: this.t('steward.dropText', { title, version }),
      confirm: this.t('steward.drop'),
      danger: true,
    });
    if (sure) await this.#act(this.t('steward.dropped'), () => dataSpace.delete('/releases/:id', { params: { id } }));
  }

  #toggle(id: string): void {
    const next = new Set(this.open);
    if (!next.delete(id)) next.add(id);
    this.open = next;
  }

  override render() {
    return html`<div class="page">
      <il-page-head heading=${this.t('steward.title')}>
        <p>${this.t('steward.lead')}</p>
        <a slot="actions" href="/beheer/data/partners">${this.t('partners.title')}</a>
        <a slot="actions" href="/beheer/data/onderzoek">${this.t('studies.title')}</a>
        <wa-button slot="actions" variant="brand" @click=${() => (this.described = { of: null })}>${this.t('steward.add')}</wa-button>
      </il-page-head>
      ${this.#all.render({
        pending: () => html`<il-skeleton lines="5"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#all.run()}></il-problem>`,
        complete: ({ releases, next }) =>
          releases.length === 0
            ? html`<il-empty icon="chart-column" heading=${this.t('steward.none')} text=${this.t('steward.noneText')}></il-empty>`
            : html`<ul class="list">
                  ${releases.map((release) => this.#release(release))}
                </ul>
                ${pager({ next }, this.pageAfter, { next: this.t('actions.next'), first: this.t('actions.first') }, (to) => this.#go(to))}`,
      })}
      ${
        this.described === null
          ? nothing
          : html`<data-space-release-dialog
              .of=${this.described.of}
              @il-close=${() => (this.described = null)}
              @data-space-saved=${() => {
                this.described = null;
                void this.#act(this.t('steward.saved'), async () => {});
              }}
            ></data-space-release-dialog>`
      }
      ${this.withdrawn === null ? nothing : this.#withdrawal(this.withdrawn)}
    </div>`;
  }

  async #withdraw(event: Event): Promise<void> {
    event.preventDefault();
    if (this.withdrawn === null || this.withdrawn.reason.trim() === '') return;
    const { release, reason } = this.withdrawn;
    this.withdrawn = null;
    await this.#act(this.t('steward.withdrawn'), () =>
      dataSpace.post('/releases/:id/withdraw', { params: { id: release.id }, body: { reason } }),
    );
  }

  #withdrawal({ release, reason }: { release: ReleaseView; reason: string }) {
    const { title, version } = release;
    return html`<il-dialog heading=${this.t('steward.withdrawSure')} .open=${true} @il-close=${() => (this.withdrawn = null)}>
      <form @submit=${this.#withdraw}>
        <p>${this.t('steward.withdrawText', { title, version })}</p>
        <wa-input
          required
          maxlength="500"
          .label=${this.t('steward.why')}
          .value=${reason}
          @input=${(event: Event) => (this.withdrawn = { release, reason: (event.target as HTMLInputElement).value })}
        ></wa-input>
      </form>
      <wa-button slot="footer" appearance="plain" @click=${() => (this.withdrawn = null)}>${this.t('actions.cancel')}</wa-button>
      <wa-button slot="footer" variant="danger" ?disabled=${reason.trim() === ''} @click=${this.#withdraw}
        >${this.t('steward.withdraw')}</wa-button
      >
    </il-dialog>`;
  }

  #release(release: ReleaseView) {
    const { id, title, description, version, tier, withdrawnAt } = release;
    const at = withdrawnAt === null ? release.state : 'withdrawn';
    const isOpen = this.open.has(id);
    return html`<li class="item">
      <div class="about">
        <h2>${title}</h2>
        <p class="small muted">
          ${this.t(`tier.${tier}`)} · ${this.t('steward.version', { version })} · <strong>${this.t(`state.${at}`)}</strong>
        </p>
        <p>${description}</p>
        ${at === 'preparing' ? html`<p class="small">${this.t('steward.preparing')}</p>` : nothing}
        ${isOpen ? html`<data-space-release-preview .release=${id}></data-space-release-preview>` : nothing}
      </div>
      <div class="actions">
        ${at === 'draft' || at === 'approved' ? this.#button('look', release, () => this.#toggle(id), isOpen) : nothing}
        ${
          at === 'draft'
            ? this.#button('approve', release, () =>
                this.#act(this.t('steward.approved'), () => dataSpace.post('/releases/:id/approve', { params: { id } })),
              )
            : nothing
        }
        ${at === 'approved' || at === 'preparing' ? this.#button('publish', release, () => this.#publish(release)) : nothing}
        ${at === 'draft' || at === 'approved' ? this.#button('drop', release, () => this.#drop(release)) : nothing}
        ${at === 'published' ? this.#button('withdraw', release, () => (this.withdrawn = { release, reason: '' })) : nothing}
        ${at === 'published' || at === 'withdrawn' ? this.#button('next', release, () => (this.described = { of: release })) : nothing}
      </div>
    </li>`;
  }

  #button(
    label: 'look' | 'approve' | 'publish' | 'drop' | 'withdraw' | 'next',
    { title, version }: ReleaseView,
    act: () => unknown,
    pressed?: boolean,
  ) {
    return html`<wa-button size="s" appearance="outlined" aria-pressed=${pressed ?? nothing} @click=${() => void act()}>
      ${this.t(`steward.${label}`)}<span class="visually-hidden"> – ${title}, ${this.t('steward.version', { version })}</span>
    </wa-button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'data-space-steward-page': StewardPage;
  }
}
