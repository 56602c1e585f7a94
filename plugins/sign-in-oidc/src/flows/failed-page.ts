import { PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { signIn } from '../client.js';

const reasons = [
  ...['flow', 'denied', 'invalid', 'school', 'private-account', 'guest', 'co-account', 'unavailable'],
  ...['ask', 'taken', 'stale'],
];
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** `/aanmelden/niet-gelukt`: why a sign-in did not work, and what to do. It says which providers the school uses, never which an account has. */
@customElement('sign-in-oidc-failed-page')
export class FailedPage extends PortalElement {
  static override ns = 'sign-in-oidc';
  static override styles = [sharedStyles];

  @property({ attribute: false }) query = new URLSearchParams();

  get #school(): string | null {
    const school = this.query.get('school');
    return school !== null && uuid.test(school) ? school : null;
  }

  readonly #ways = new Task(this, {
    task: ([school], { signal }) =>
      school === null ? undefined : signIn.get('/schools/:school/ways', { params: { school }, signal }),
    args: () => [this.#school] as const,
  });

  override render() {
    const asked = this.query.get('reden') ?? '';
    const reason = reasons.includes(asked) ? asked : 'flow';
    const ways = this.#ways.value;
    const provider = ways?.providers.find(({ key }) => key === this.query.get('met'))?.label ?? this.t('failed.provider');
    const own = reason === 'stale' || reason === 'taken';
    return html`
      <div class="page narrow">
        <il-page-head heading=${this.t(reason === 'ask' ? 'failed.askTitle' : 'failed.title')}></il-page-head>
        <div class="stack">
          <p>${this.t(`failed.${reason}`, { provider })}</p>
          ${reason === 'ask' && this.query.get('wacht') === 'ja' ? html`<p>${this.t('failed.waits')}</p>` : ''}
          ${
            ways !== undefined && ways.providers.length > 0 && !own
              ? html`<p>${this.t('failed.uses', { school: ways.name })}</p>
                <ul>${ways.providers.map(({ label }) => html`<li>${label}</li>`)}</ul>`
              : ''
          }
          <p><wa-button variant="brand" href=${own ? '/account' : '/aanmelden?wie=kies'}>${this.t(own ? 'choose.go' : 'failed.again')}</wa-button></p>
        </div>
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'sign-in-oidc-failed-page': FailedPage;
  }
}
