import type { Answer } from '@ilearn/core';
import { confirmDialog, formatDate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { login } from '../client.js';
import type { badgeRoutes } from './routes.js';

type Sheet = Answer<typeof badgeRoutes, 'GET', '/classes/:id/badges'>;
type NewBadge = Answer<typeof badgeRoutes, 'POST', '/classes/:id/pupils/:pupil/badge'>;

/** How long a teacher lets badges work: a lesson of two hours at most. */
const minutes = 120;

/** `/badges?klas=`: badges of a class, for who teaches it: let them work, make and print, end, and let a child choose other pictures. */
@customElement('login-badges-page')
export class BadgesPage extends PortalElement {
  static override ns = 'login';
  static override styles = [
    sharedStyles,
    css`
      .pupils {
        padding: 0;
        list-style: none;
      }
      .pupils li {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-2) var(--il-space-4);
        align-items: center;
        justify-content: space-between;
        padding-block: var(--il-space-3);
        border-bottom: 1px solid var(--il-rule);
      }
      .pupils p {
        margin: 0;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-2);
      }
      .sheet {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr));
        gap: 4mm;
        padding: 0;
        list-style: none;
      }
      .badge {
        display: grid;
        gap: 2mm;
        justify-items: center;
        padding: 5mm;
        color: #000;
        text-align: center;
        background: #fff;
        border: 1px dashed #666;
        border-radius: 3mm;
        break-inside: avoid;
      }
      .badge svg {
        width: 40mm;
        height: 40mm;
        fill: #000;
      }
      .badge .name {
        font-size: 1.25rem;
        font-weight: 700;
      }
      .badge .short {
        font-family: ui-monospace, monospace;
      }
      @media print {
        .page {
          display: block;
          max-width: none;
        }
        .page > :not(.sheet) {
          display: none !important;
        }
        .sheet {
          grid-template-columns: 1fr 1fr 1fr;
        }
      }
    `,
  ];

  @property({ attribute: false }) query = new URLSearchParams();

  @state() private made: NewBadge[] = [];
  @state() private busy = false;

  readonly #sheet = new Task(this, {
    task: async ([id], { signal }) => (id === null ? null : login.get('/classes/:id/badges', { params: { id }, signal })),
    args: () => [this.query.get('klas')] as const,
  });

  get #class(): string {
    return this.query.get('klas') ?? '';
  }

  async #do(work: () => Promise<unknown>, done: string): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await work();
      notify({ kind: 'success', text: done });
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    } finally {
      this.busy = false;
    }
    await this.#sheet.run();
  }

  #open(minutes: number): Promise<void> {
    const params = { id: this.#class };
    return this.#do(
      () => login.put('/classes/:id/badge-window', { params, body: { minutes } }),
      this.t(minutes > 0 ? 'badges.opened' : 'badges.shut'),
    );
  }

  /** One request for each pupil, so that each has an audit entry. */
  async #make(pupils: readonly string[]): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    const made: NewBadge[] = [];
    try {
      for (const pupil of pupils) {
        made.push(await login.post('/classes/:id/pupils/:pupil/badge', { params: { id: this.#class, pupil } }));
      }
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    } finally {
      this.busy = false;
    }
    this.made = made;
    await this.#sheet.run();
    await this.updateComplete;
    if (made.length > 0) print();
  }

  async #makeAll({ pupils }: Sheet): Promise<void> {
    const renewed = pupils.filter(({ madeAt }) => madeAt !== null).length;
    const sure =
      renewed === 0 ||
      (await confirmDialog({
        title: this.t('badges.renewAllTitle'),
        text: this.t('badges.renewAllText', { count: renewed }),
        confirm: this.t('badges.make'),
      }));
    if (sure) await this.#make(pupils.map(({ id }) => id));
  }

  async #endAll(): Promise<void> {
    const sure = await confirmDialog({
      title: this.t('badges.endAllTitle'),
      text: this.t('badges.endAllText'),
      confirm: this.t('badges.endAll'),
      danger: true,
    });
    if (!sure) return;
    this.made = [];
    await this.#do(() => login.delete('/classes/:id/badges', { params: { id: this.#class } }), this.t('badges.ended'));
  }

  override render() {
    return this.#sheet.render({
      pending: () =>
        html`<div class="page"><il-page-head heading=${this.t('badges.manage')}></il-page-head><il-skeleton lines="8"></il-skeleton></div>`,
      error: (problem) => html`<div class="page">
        <il-page-head heading=${this.t('badges.manage')}></il-page-head>
        <il-problem .problem=${problem} @retry=${() => this.#sheet.run()}></il-problem>
      </div>`,
      complete: (sheet) => (sheet === null || sheet.pupils.length === 0 ? this.#nobody() : this.#page(sheet)),
    });
  }

  #nobody() {
    return html`<div class="page">
      <il-page-head heading=${this.t('badges.manage')}></il-page-head>
      <il-empty icon="qr-code" heading=${this.t('badges.nobody')}></il-empty>
    </div>`;
  }

  #page(sheet: Sheet) {
    const { name, pupils, openUntil, always } = sheet;
    return html`
      <div class="page">
        <il-page-head heading=${this.t('badges.titleOf', { name })} .back=${{ href: `/klassen/${this.#class}`, text: name }}>
          <p>${this.t('badges.intro')}</p>
          <wa-button slot="actions" variant="brand" ?loading=${this.busy} @click=${() => this.#makeAll(sheet)}>
            <il-icon slot="start" name="printer"></il-icon>${this.t('badges.makeAll')}
          </wa-button>
        </il-page-head>
        ${this.#window(openUntil, always)}
        ${
          this.made.length > 0
            ? html`<p role="status">${this.t('badges.made', { count: this.made.length })}</p>
                <ul class="sheet">${this.made.map((badge) => this.#badge(badge, name))}</ul>`
            : nothing
        }
        <ul class="pupils">${pupils.map((pupil) => this.#pupil(pupil))}</ul>
        ${
          pupils.some(({ madeAt }) => madeAt !== null)
            ? html`<div class="actions"><wa-button size="small" variant="danger" appearance="outlined" @click=${this.#endAll}>${this.t('badges.endAll')}</wa-button></div>`
            : nothing
        }
      </div>
    `;
  }

  #window(openUntil: string | null, always: boolean) {
    if (always) return html`<p>${this.t('badges.always')}</p>`;
    if (openUntil === null) {
      return html`<div class="actions">
        <wa-button @click=${() => this.#open(minutes)}>
          <il-icon slot="start" name="lock-open"></il-icon>${this.t('badges.open')}
        </wa-button>
      </div>`;
    }
    return html`<div class="actions">
      <p role="status">${this.t('badges.openUntil', { time: formatDate(openUntil, 'time') })}</p>
      <wa-button size="small" @click=${() => this.#open(0)}>${this.t('badges.shutAct')}</wa-button>
    </div>`;
  }

  #badge({ givenName, familyName, short, code }: NewBadge, name: string) {
    return html`<li class="badge">
      <p class="name">${givenName} ${familyName}</p>
      <p>${name}</p>
      <svg viewBox="0 0 ${code.size} ${code.size}" shape-rendering="crispEdges" role="img" aria-label=${this.t('badges.qr')}><path d=${code.path} /></svg>
      <p class="short">${short}</p>
    </li>`;
  }

  #pupil({ id, givenName, familyName, madeAt, usedAt, chosen, guessed }: Sheet['pupils'][number]) {
    const params = { id: this.#class, pupil: id };
    const name = `${givenName} ${familyName}`;
    const which = html`<span class="visually-hidden">${name}</span>`;
    return html`<li>
      <div>
        <p><strong>${name}</strong></p>
        <p class="muted">
          ${
            madeAt === null
              ? this.t('badges.none')
              : `${this.t('badges.since', { date: formatDate(madeAt) })}${usedAt === null ? '' : `, ${this.t('badges.used', { date: formatDate(usedAt, 'time') })}`}`
          }
        </p>
        ${guessed ? html`<p>${this.t('badges.guessed')}</p>` : nothing}
      </div>
      <div class="actions">
        ${
          chosen
            ? html`<wa-button size="small" @click=${() => this.#do(() => login.delete('/classes/:id/pupils/:pupil/pictures', { params }), this.t('badges.picturesForgotten', { name }))}>
                ${this.t('badges.forgetPictures')} ${which}
              </wa-button>`
            : nothing
        }
        <wa-button size="small" ?disabled=${this.busy} @click=${() => this.#make([id])}>
          ${this.t(madeAt === null ? 'badges.makeOne' : 'badges.renewOne')} ${which}
        </wa-button>
        ${
          madeAt === null
            ? nothing
            : html`<wa-button size="small" @click=${() => this.#do(() => login.delete('/classes/:id/pupils/:pupil/badge', { params }), this.t('badges.ended'))}>
                ${this.t('badges.end')} ${which}
              </wa-button>`
        }
      </div>
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'login-badges-page': BadgesPage;
  }
}
