import type { Answer } from '@ilearn/core';
import { type ApiProblem, formatDate, formatMinutes, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { academy } from '../../client.js';
import { academyTabs, tabStyles } from '../../shared/tabs.js';
import { schoolOf, sessionText, stateMark } from '../../shared/words.js';
import type { enrolmentRoutes } from '../routes.js';

type Team = Answer<typeof enrolmentRoutes, 'GET', '/team'>;
type Approvals = Answer<typeof enrolmentRoutes, 'GET', '/team/approvals'>;
type Row = Approvals['waiting'][number];

/** `/academie/team`: approvals, seats that were reserved, and who learns or learned what with the school's approval. */
@customElement('academy-team-page')
export class TeamPage extends PortalElement {
  static override ns = 'academy';
  static override styles = [
    sharedStyles,
    tabStyles,
    css`
      td input {
        width: 22px;
        height: 22px;
        margin: 0;
        accent-color: var(--il-ink);
      }
      .target {
        display: inline-grid;
        place-items: center;
        min-width: 44px;
        min-height: 44px;
        cursor: pointer;
      }
      il-combobox {
        min-width: 14rem;
      }
      @media (max-width: 40rem) {
        .row {
          flex-wrap: wrap;
        }
        .row .grow {
          flex-basis: 100%;
        }
      }
    `,
  ];

  @state() private chosen: ReadonlySet<string> = new Set();
  @state() private declining = false;
  @state() private reason = '';

  readonly #loaded = new Task(this, {
    task: async (_, { signal }) => {
      const [team, approvals] = await Promise.all([
        academy.get('/team', { signal }),
        this.can('academy:approve') ? academy.get('/team/approvals', { signal }) : undefined,
      ]);
      return { team, approvals };
    },
    args: () => [] as const,
  });

  override render() {
    return html`<div class="page">
      <il-page-head heading=${this.t('team.title')}></il-page-head>
      ${academyTabs(this, '/academie/team')}
      ${this.#loaded.render({
        pending: () => (this.#loaded.value ? this.#page(this.#loaded.value) : html`<il-skeleton lines="6"></il-skeleton>`),
        complete: (loaded) => this.#page(loaded),
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#loaded.run()}></il-problem>`,
      })}
    </div>`;
  }

  #page({ team, approvals }: { team: Team; approvals: Approvals | undefined }) {
    return html`
      ${approvals === undefined ? nothing : this.#approvals(approvals)} ${this.#reserved(team.reserved)} ${this.#learning(team.learning)}
    `;
  }

  #approvals({ waiting, more }: Approvals) {
    const heading = html`<h2 id="approvals">${this.t('team.approvals')}</h2>`;
    if (waiting.length === 0) {
      return html`<section class="stack" aria-labelledby="approvals">
        ${heading}<p class="muted">${this.t('team.noApprovals')}</p>
      </section>`;
    }
    const count = this.chosen.size;
    return html`<section class="stack" aria-labelledby="approvals">
      ${heading}
      <table class="stacked">
        <caption>${this.t('team.waiting', { count: waiting.length })}</caption>
        <thead>
          <tr>
            <th scope="col"><span class="visually-hidden">${this.t('team.choose')}</span></th>
            <th scope="col">${this.t('team.who')}</th>
            <th scope="col">${this.t('team.what')}</th>
            <th scope="col">${this.t('team.when')}</th>
            <th scope="col">${this.t('team.cost')}</th>
          </tr>
        </thead>
        <tbody>${waiting.map((row) => this.#approval(row))}</tbody>
      </table>
      <il-truncated ?more=${more} shown=${waiting.length}></il-truncated>
      <div class="actions">
        <wa-button variant="brand" ?disabled=${count === 0} @click=${() => this.#decide(true)}>${this.t('team.approve', { count })}</wa-button>
        <wa-button appearance="outlined" ?disabled=${count === 0} @click=${() => this.#decline(true)}>${this.t('team.decline', { count })}</wa-button>
      </div>
      <il-dialog heading=${this.t('team.declineTitle', { count })} .open=${this.declining} @il-close=${() => this.#decline(false)}>
        <wa-textarea
          label=${this.t('team.reason')}
          hint=${this.t('team.reasonHint')}
          maxlength="500"
          .value=${this.reason}
          @input=${(event: Event) => this.#because((event.target as HTMLTextAreaElement).value)}
        ></wa-textarea>
        <wa-button slot="footer" variant="brand" ?disabled=${this.reason.trim() === ''} @click=${() => this.#decide(false)}>
          ${this.t('team.decline', { count })}
        </wa-button>
      </il-dialog>
    </section>`;
  }

  #approval(row: Row) {
    const { id, name, title, sessions, minutes, cost } = row;
    const who = name ?? this.t('team.later');
    const [first] = sessions;
    return html`<tr>
      <td>
        <label class="target"
          ><input type="checkbox" .checked=${this.chosen.has(id)} aria-label=${`${who}: ${title}`} @change=${() => this.#toggle(id)}
        /></label>
      </td>
      <th scope="row">${who}</th>
      <td data-label=${this.t('team.what')}>${title}</td>
      <td data-label=${this.t('team.when')}>${first === undefined ? this.t('mine.undated') : sessionText(first)}</td>
      <td data-label=${this.t('team.cost')}>${[formatMinutes(minutes), cost].filter(Boolean).join(' · ')}</td>
    </tr>`;
  }

  #toggle(id: string): void {
    const next = new Set(this.chosen);
    if (!next.delete(id)) next.add(id);
    this.chosen = next;
  }

  #decline(open: boolean): void {
    this.declining = open;
  }

  #because(reason: string): void {
    this.reason = reason;
  }

  async #decide(approves: boolean): Promise<void> {
    const ids = [...this.chosen];
    await this.#change(
      () => academy.post('/team/approvals', { body: { ids, approves, reason: approves ? '' : this.reason } }),
      this.t(approves ? 'team.approved' : 'team.declined', { count: ids.length }),
    );
    this.chosen = new Set();
    this.declining = false;
    this.reason = '';
  }

  #reserved(rows: Row[]) {
    if (rows.length === 0) return nothing;
    return html`<section class="stack" aria-labelledby="reserved">
      <h2 id="reserved">${this.t('team.reserved')}</h2>
      <ul class="list">
        ${rows.map(
          (row) => html`<li class="row">
            <span class="grow">
              <span class="strong">${row.name ?? this.t('team.later')}</span><br />
              <span class="small muted">${row.title}${row.sessions[0] === undefined ? nothing : ` · ${sessionText(row.sessions[0])}`}</span>
            </span>
            ${stateMark((key, options) => this.t(key, options), row.state)}
            ${
              row.name === null
                ? html`<il-combobox
                      label=${this.t('team.nameSeat')}
                      .options=${[]}
                      .search=${this.#colleagues}
                      @il-change=${(event: CustomEvent<{ value: string }>) => this.#name(row.id, event.detail.value)}
                    ></il-combobox>
                    <wa-button appearance="outlined" @click=${() => this.#giveBack(row.id)}>${this.t('team.giveBack')}</wa-button>`
                : nothing
            }
          </li>`,
        )}
      </ul>
    </section>`;
  }

  readonly #colleagues = async (text: string, signal: AbortSignal) => {
    if (text.trim().length < 2) return [];
    const { people } = await academy.get('/team/schools/:id/colleagues', {
      params: { id: schoolOf(this) },
      query: { q: text },
      signal,
    });
    return people.map(({ id, name }) => ({ value: id, label: name }));
  };

  #name(id: string, person: string) {
    return this.#change(() => academy.put('/enrolments/:id/person', { params: { id }, body: { person } }), this.t('team.named'));
  }

  #giveBack(id: string) {
    return this.#change(
      () => academy.post('/enrolments/:id/cancellation', { params: { id }, body: {} }),
      this.t('team.givenBack'),
    );
  }

  #learning(rows: Row[]) {
    if (rows.length === 0) return nothing;
    return html`<section class="stack" aria-labelledby="learning">
      <h2 id="learning">${this.t('team.learning')}</h2>
      <table class="stacked">
        <caption>${this.t('team.learningNote')}</caption>
        <thead>
          <tr>
            <th scope="col">${this.t('team.who')}</th>
            <th scope="col">${this.t('team.what')}</th>
            <th scope="col">${this.t('team.when')}</th>
            <th scope="col">${this.t('team.state')}</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) => html`<tr>
              <th scope="row">${row.name ?? this.t('team.later')}</th>
              <td data-label=${this.t('team.what')}>${row.title}</td>
              <td data-label=${this.t('team.when')}>${formatDate(row.startsAt, 'short')}</td>
              <td data-label=${this.t('team.state')}>${stateMark((key, options) => this.t(key, options), row.state)}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </section>`;
  }

  async #change(call: () => Promise<unknown>, done: string): Promise<void> {
    try {
      await call();
      notify({ kind: 'success', text: done });
    } catch (problem) {
      notify({ kind: 'error', text: (problem as ApiProblem).message });
    }
    await this.#loaded.run();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'academy-team-page': TeamPage;
  }
}
