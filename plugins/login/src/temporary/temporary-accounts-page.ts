import { ApiProblem, confirmDialog, formatDate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { login } from '../client.js';
import type { TemporaryAccount, TemporaryAccountList } from './answers.js';
import './temporary-account-dialog.js';

/** `/tijdelijke-accounts`: accounts for guests, created by ICT coordinators. */
@customElement('login-temporary-accounts-page')
export class TemporaryAccountsPage extends PortalElement {
  static override ns = 'login';

  static override styles = [
    sharedStyles,
    css`
      .username {
        font-weight: 600;
        white-space: nowrap;
      }
      @media (max-width: 40rem) {
        thead,
        caption {
          position: absolute;
          width: 1px;
          height: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
        tbody tr {
          display: grid;
          grid-template-columns: 1fr auto;
          gap: 0 var(--il-space-3);
          align-items: center;
          padding-block: var(--il-space-3);
          border-bottom: 1px solid var(--il-rule);
        }
        tbody td,
        tbody th {
          padding: 0;
          border: 0;
        }
        .end {
          grid-row: 1 / span 4;
          grid-column: 2;
        }
      }
    `,
  ];

  @state() private making = false;

  #list = new Task(this, {
    task: (_, { signal }) => login.get('/temporary-accounts', { signal }),
    args: () => [],
  });

  async #revoke(account: TemporaryAccount): Promise<void> {
    const name = account.displayName;
    const sure = await confirmDialog({
      title: this.t('temporary.revokeTitle'),
      text: this.t('temporary.revokeText', { name }),
      confirm: this.t('temporary.revokeConfirm'),
      danger: true,
    });
    if (!sure) return;
    try {
      await login.delete('/temporary-accounts/:id', { params: { id: account.id } });
      notify({ kind: 'success', text: this.t('temporary.revoked', { name }) });
    } catch (problem) {
      // Someone else may have ended the account; the reloaded list shows that.
      if (!(problem instanceof ApiProblem && problem.status === 404)) notify({ kind: 'error', text: (problem as Error).message });
    }
    await this.#list.run();
    this.renderRoot.querySelector('il-page-head')?.focus();
  }

  override render() {
    return html`
      <div class="page">
        <il-page-head heading=${this.t('temporary.title')}>
          <p>${this.t('temporary.text')}</p>
          ${this.#newButton()}
        </il-page-head>
        ${this.#list.render({
          pending: () => html`<il-skeleton lines="5"></il-skeleton>`,
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#list.run()}></il-problem>`,
          complete: (list) => (list.accounts.length === 0 ? this.#none() : this.#table(list)),
        })}
        ${
          this.#list.value
            ? html`<login-temporary-account-dialog
                .list=${this.#list.value}
                .open=${this.making}
                @il-close=${() => {
                  this.making = false;
                }}
                @login-made=${() => this.#list.run()}
              ></login-temporary-account-dialog>`
            : ''
        }
      </div>
    `;
  }

  #newButton() {
    return html`<wa-button
      slot="actions"
      variant="brand"
      ?disabled=${!this.#list.value}
      @click=${() => {
        this.making = true;
      }}
    >
      <il-icon slot="start" name="plus"></il-icon>${this.t('temporary.new')}
    </wa-button>`;
  }

  #none() {
    return html`<il-empty icon="ticket" heading=${this.t('temporary.empty')} text=${this.t('temporary.emptyText')}></il-empty>`;
  }

  #table({ accounts, schools, more }: TemporaryAccountList) {
    const several = schools.length > 1;
    const schoolNames = new Map(schools.map(({ id, name }) => [id, name]));
    return html`
      <table>
        <caption>
          ${this.t('temporary.caption', { count: accounts.length })}
        </caption>
        <thead>
          <tr>
            <th scope="col">${this.t('temporary.person')}</th>
            <th scope="col">${this.t('temporary.username')}</th>
            <th scope="col">${this.t('temporary.role')}</th>
            ${several ? html`<th scope="col">${this.t('temporary.school')}</th>` : ''}
            <th scope="col">${this.t('temporary.until')}</th>
            <th scope="col"><span class="visually-hidden">${this.t('temporary.actions')}</span></th>
          </tr>
        </thead>
        <tbody>
          ${accounts.map(
            (account) => html`
              <tr>
                <th scope="row"><a href="/personen/${account.id}">${account.displayName}</a></th>
                <td class="username">${account.username}</td>
                <td>${this.t(`temporary.roles.${account.role}`)}</td>
                ${several ? html`<td>${schoolNames.get(account.school) ?? ''}</td>` : ''}
                <td>${formatDate(account.expiresAt, 'time')}</td>
                <td class="number end">
                  <wa-button size="s" appearance="outlined" @click=${() => this.#revoke(account)}>
                    ${this.t('temporary.revoke')}<span class="visually-hidden"> – ${account.displayName}</span>
                  </wa-button>
                </td>
              </tr>
            `,
          )}
        </tbody>
      </table>
      <il-truncated ?more=${more} shown=${accounts.length}></il-truncated>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'login-temporary-accounts-page': TemporaryAccountsPage;
  }
}
