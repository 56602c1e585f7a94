import { login } from '@ilearn/plugin-login/client';
import { confirmDialog, formatDate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

type Invitation = Awaited<ReturnType<typeof ofSchool>>[number];

const ofSchool = async (school: string, signal: AbortSignal) =>
  (await login.get('/schools/:school/invitations', { params: { school }, signal })).invitations;

/** Who was invited to a school and has no account yet, to invite again or not any more; nothing if there is nobody. */
@customElement('joining-school-invitations')
export class SchoolInvitations extends PortalElement {
  static override ns = 'joining';
  static override styles = [sharedStyles];

  @property() school = '';
  @state() private problem: unknown;
  /** Whose address is mended. */
  @state() private mending: { person: string; name: string } | undefined;

  readonly #invitations = new Task(this, {
    task: ([school], { signal }) => ofSchool(school, signal),
    args: () => [this.school] as const,
  });

  override render() {
    return this.#invitations.render({
      error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#invitations.run()}></il-problem>`,
      complete: (invitations) => this.#list(invitations),
      pending: () => this.#list(this.#invitations.value ?? []),
    });
  }

  #list(invitations: readonly Invitation[]) {
    const open = invitations.filter(({ state }) => state !== 'accepted');
    if (open.length === 0) return nothing;
    return html`<section class="stack">
      <h4 tabindex="-1">${this.t('steps.invited.title')}</h4>
      ${this.problem === undefined ? nothing : html`<il-problem .problem=${this.problem}></il-problem>`}
      <ul class="list">${open.map((each) => this.#row(each))}</ul>
      ${this.#addressDialog()}
    </section>`;
  }

  #row({ person, name, state, expiresAt, may }: Invitation) {
    const whom = html`<span class="visually-hidden"> – ${name}</span>`;
    const over = state === 'withdrawn' || state === 'expired';
    const failed = state === 'undeliverable' || state === 'unsent' || state === 'held';
    return html`<li class="row">
      <span class="grow">
        <span class="strong">${name}</span><br />
        <span class="muted">${this.t(`steps.invited.${over || failed ? state : 'open'}`, { date: formatDate(expiresAt ?? '', 'short') })}</span>
      </span>
      ${
        may
          ? html`<wa-button size="s" appearance="outlined" @click=${() => this.#again(person, name)}>${this.t('steps.invited.again')}${whom}</wa-button>
              <wa-button size="s" appearance="outlined" @click=${() => (this.mending = { person, name })}>${this.t('steps.invited.address')}${whom}</wa-button>`
          : nothing
      }
      ${
        may && !over
          ? html`<wa-button size="s" appearance="outlined" @click=${() => this.#withdraw(person, name)}>${this.t('steps.invited.withdraw')}${whom}</wa-button>`
          : nothing
      }
    </li>`;
  }

  #addressDialog() {
    const close = () => (this.mending = undefined);
    return html`<il-dialog
      heading=${this.t('steps.invited.addressTitle', { name: this.mending?.name ?? '' })}
      .open=${this.mending !== undefined}
      @il-close=${close}
    >
      ${
        this.mending === undefined
          ? nothing
          : html`<form id="address" @submit=${this.#sendTo}>
              <wa-input name="email" type="email" label=${this.t('request.email')} maxlength="254" required></wa-input>
              <button hidden></button>
            </form>`
      }
      <wa-button slot="footer" appearance="outlined" @click=${close}>${this.t('desk.cancel')}</wa-button>
      <wa-button slot="footer" variant="brand" @click=${() => this.renderRoot.querySelector<HTMLFormElement>('#address')?.requestSubmit()}>
        ${this.t('steps.invited.again')}
      </wa-button>
    </il-dialog>`;
  }

  #sendTo(event: SubmitEvent): void {
    event.preventDefault();
    if (this.mending === undefined) return;
    const { person, name } = this.mending;
    const email = String(new FormData(event.target as HTMLFormElement).get('email') ?? '').trim();
    this.mending = undefined;
    const params = { school: this.school, person };
    this.#do(() => login.put('/schools/:school/invitations/:person/address', { params, body: { email } }), 'sentAgain', name);
  }

  #again(person: string, name: string): Promise<void> {
    const params = { school: this.school, person };
    return this.#do(() => login.post('/schools/:school/invitations/:person/again', { params }), 'sentAgain', name);
  }

  async #withdraw(person: string, name: string): Promise<void> {
    const sure = await confirmDialog({
      title: this.t('steps.invited.withdrawTitle', { name }),
      text: this.t('steps.invited.withdrawText'),
      confirm: this.t('steps.invited.withdraw'),
      danger: true,
    });
    const params = { school: this.school, person };
    if (sure) await this.#do(() => login.delete('/schools/:school/invitations/:person', { params }), 'withdrawn', name);
  }

  async #do(act: () => Promise<unknown>, done: 'sentAgain' | 'withdrawn', name: string): Promise<void> {
    this.problem = undefined;
    try {
      await act();
      notify({ kind: 'success', text: this.t(`steps.invited.${done}Done`, { name }) });
    } catch (problem) {
      this.problem = problem;
    }
    await this.#invitations.run();
    this.renderRoot.querySelector<HTMLElement>('h4')?.focus();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'joining-school-invitations': SchoolInvitations;
  }
}
