import { confirmDialog, formatDate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { dataSpace } from '../client.js';
import type { NegotiationView, PartnerView, TransferView } from '../protocol/steward-routes.js';
import { pager, queryOf } from './pager.js';
import { releaseStyles } from './release-styles.js';

const negotiationMoves: Record<string, readonly ('offer' | 'agree' | 'finalize' | 'terminate')[]> = {
  REQUESTED: ['agree', 'offer', 'terminate'],
  OFFERED: ['terminate'],
  ACCEPTED: ['agree', 'terminate'],
  AGREED: ['terminate'],
  VERIFIED: ['finalize', 'terminate'],
};
const transferMoves: Record<string, readonly ('start' | 'suspend' | 'complete' | 'terminate')[]> = {
  REQUESTED: ['start', 'terminate'],
  STARTED: ['suspend', 'complete', 'terminate'],
  SUSPENDED: ['start', 'terminate'],
};

/** Days for which a token holds beside the next one. */
const overlapDays = 14;

/** `/beheer/data/partners`: organisations that ask for data, what they ask, and what they get. */
@customElement('data-space-partners-page')
export class PartnersPage extends PortalElement {
  static override ns = 'data-space';
  static override styles = [sharedStyles, releaseStyles];

  @state() private adding = false;
  @state() private values = { organisation: '', participant: '' };
  /** Shown once, after a partner was added or got a new token. */
  @state() private made: { name: string; token: string | null } | null = null;
  @state() private busy = false;

  /** Where the shown pages begin; null: the first. */
  @state() private requestsAfter: string | null = null;
  @state() private transfersAfter: string | null = null;

  readonly #all = new Task(this, {
    task: async ([requestsAfter, transfersAfter], { signal }) => {
      const [partners, negotiations, transfers] = await Promise.all([
        dataSpace.get('/partners', { signal }),
        dataSpace.get('/negotiations', { query: queryOf(requestsAfter), signal }),
        dataSpace.get('/transfers', { query: queryOf(transfersAfter), signal }),
      ]);
      return { partners, negotiations, transfers };
    },
    args: () => [this.requestsAfter, this.transfersAfter] as const,
  });

  async #act(act: () => Promise<unknown>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.made = null;
    try {
      await act();
      notify({ kind: 'success', text: this.t('partners.decided') });
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    } finally {
      this.busy = false;
    }
    await this.#all.run();
    this.renderRoot.querySelector('il-page-head')?.focus();
  }

  #add(event: Event): Promise<void> {
    event.preventDefault();
    return this.#act(async () => {
      const { token } = await dataSpace.post('/partners', { body: { ...this.values, automatic: false } });
      this.made = { name: this.values.organisation, token };
      this.values = { organisation: '', participant: '' };
      this.adding = false;
    });
  }

  async #stop({ id, organisation: name }: PartnerView): Promise<void> {
    const sure = await confirmDialog({
      title: this.t('partners.stopSure', { name }),
      text: this.t('partners.stopText'),
      confirm: this.t('partners.stop'),
      danger: true,
    });
    if (sure) await this.#act(() => dataSpace.post('/partners/:id/stop', { params: { id } }));
  }

  /** In time, with an overlap, or at once because the token leaked. */
  async #renew(what: 'rotate' | 'renew', { id, organisation: name }: PartnerView): Promise<void> {
    const sure = await confirmDialog({
      title: this.t(`partners.${what}Sure`, { name }),
      text: this.t(`partners.${what}Text`, { days: overlapDays }),
      confirm: this.t(`partners.${what}`),
      danger: what === 'renew',
    });
    if (!sure) return;
    await this.#act(async () => {
      const body = { overlapDays: what === 'rotate' ? overlapDays : 0 };
      const { token } = await dataSpace.post('/partners/:id/token', { params: { id }, body });
      this.made = { name, token };
    });
  }

  override render() {
    return html`<div class="page">
      <il-page-head heading=${this.t('partners.title')} .back=${{ href: '/beheer/data', text: this.t('steward.title') }}>
        <p>${this.t('partners.lead')}</p>
        <wa-button slot="actions" variant="brand" @click=${() => (this.adding = true)}>${this.t('partners.add')}</wa-button>
      </il-page-head>
      ${
        this.made === null
          ? nothing
          : this.made.token === null
            ? html`<p role="status">${this.t('partners.byDid', { name: this.made.name })}</p>`
            : html`<p role="status">${this.t('partners.token', { name: this.made.name })}<br /><code>${this.made.token}</code></p>`
      }
      ${this.#all.render({
        pending: () => html`<il-skeleton lines="5"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#all.run()}></il-problem>`,
        complete: ({ partners, negotiations, transfers }) => html`
          ${
            partners.length === 0
              ? html`<il-empty icon="building-2" heading=${this.t('partners.none')} text=${this.t('partners.noneText')}></il-empty>`
              : html`<ul class="list">
                  ${partners.map((each) => this.#partner(each))}
                </ul>`
          }
          <section class="stack">
            <h2>${this.t('partners.requests')}</h2>
            ${
              negotiations.negotiations.length === 0
                ? html`<p class="muted">${this.t('partners.noRequests')}</p>`
                : html`<ul class="list">
                    ${negotiations.negotiations.map((each) => this.#negotiation(each))}
                  </ul>`
            }
            ${this.#pager(negotiations, this.requestsAfter, (to) => (this.requestsAfter = to))}
          </section>
          <section class="stack">
            <h2>${this.t('partners.transfers')}</h2>
            ${
              transfers.transfers.length === 0
                ? html`<p class="muted">${this.t('partners.noTransfers')}</p>`
                : html`<ul class="list">
                    ${transfers.transfers.map((each) => this.#transfer(each))}
                  </ul>`
            }
            ${this.#pager(transfers, this.transfersAfter, (to) => (this.transfersAfter = to))}
          </section>
        `,
      })}
      ${this.adding ? this.#dialog() : nothing}
    </div>`;
  }

  #pager(page: { next: string | null }, after: string | null, turn: (to: string | null) => void) {
    return pager(page, after, { next: this.t('actions.next'), first: this.t('actions.first') }, (to) => {
      turn(to);
      this.renderRoot.querySelector('il-page-head')?.focus();
    });
  }

  #partner(each: PartnerView) {
    return html`<li class="item">
      <div class="about">
        <h2>${each.organisation}</h2>
        <p class="small muted">${each.participant}${each.active ? nothing : html` · <strong>${this.t('partners.stopped')}</strong>`}</p>
      </div>
      <div class="actions">
        ${
          each.active
            ? html`${this.#button('partners.rotate', each.organisation, () => this.#renew('rotate', each))}
              ${this.#button('partners.renew', each.organisation, () => this.#renew('renew', each))}
              ${this.#button('partners.stop', each.organisation, () => this.#stop(each))}`
            : nothing
        }
      </div>
    </li>`;
  }

  #negotiation({ id, organisation, title, state: at, agreementId, endsAt, endedAt }: NegotiationView) {
    const holds = at === 'FINALIZED' && endedAt === null;
    const name = `${title}, ${organisation}`;
    return html`<li class="item">
      <div class="about">
        <h3>${title}</h3>
        <p class="small muted">
          ${organisation} · <strong>${this.t(`partners.state.${at}`)}</strong>
          ${holds && endsAt !== null ? html` · ${this.t('partners.until', { date: formatDate(endsAt) })}` : nothing}
          ${endedAt === null ? nothing : html` · ${this.t('partners.ended', { date: formatDate(endedAt) })}`}
        </p>
      </div>
      <div class="actions">
        ${(negotiationMoves[at] ?? []).map((move) =>
          this.#button(`partners.move.${move}`, name, () =>
            this.#act(() => dataSpace.post('/negotiations/:id/:move', { params: { id, move }, body: {} })),
          ),
        )}
        ${
          holds && agreementId !== null
            ? this.#button('partners.move.endAgreement', name, () =>
                this.#act(() => dataSpace.post('/agreements/:id/end', { params: { id: agreementId } })),
              )
            : nothing
        }
      </div>
    </li>`;
  }

  #transfer({ id, organisation, title, state: at }: TransferView) {
    return html`<li class="item">
      <div class="about">
        <h3>${title}</h3>
        <p class="small muted">${organisation} · <strong>${this.t(`partners.state.${at}`)}</strong></p>
      </div>
      <div class="actions">
        ${(transferMoves[at] ?? []).map((move) =>
          this.#button(`partners.move.${move === 'terminate' ? 'endTransfer' : move}`, `${title}, ${organisation}`, () =>
            this.#act(() => dataSpace.post('/transfers/:id/:move', { params: { id, move }, body: {} })),
          ),
        )}
      </div>
    </li>`;
  }

  #button(label: string, name: string, act: () => unknown) {
    return html`<wa-button size="s" appearance="outlined" @click=${() => void act()}>
      ${this.t(label)}<span class="visually-hidden"> – ${name}</span>
    </wa-button>`;
  }

  #dialog() {
    const field = (name: 'organisation' | 'participant') => html`<wa-input
      required
      .label=${this.t(`partners.${name}`)}
      .value=${this.values[name]}
      @input=${(event: Event) => (this.values = { ...this.values, [name]: (event.target as HTMLInputElement).value })}
    ></wa-input>`;
    return html`<il-dialog heading=${this.t('partners.add')} .open=${true} @il-close=${() => (this.adding = false)}>
      <form @submit=${this.#add}>${field('organisation')} ${field('participant')}</form>
      <wa-button slot="footer" appearance="plain" @click=${() => (this.adding = false)}>${this.t('actions.cancel')}</wa-button>
      <wa-button slot="footer" variant="brand" ?loading=${this.busy} @click=${this.#add}>${this.t('partners.add')}</wa-button>
    </il-dialog>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'data-space-partners-page': PartnersPage;
  }
}
