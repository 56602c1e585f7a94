import { guardLeaving, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ListedAccount, SignInDetails } from '../accounts/passwords.js';
import { login } from '../client.js';
import './sign-in-card.js';

/** Passwords that are made at the same time: each is hashed by the server, which makes three at once. */
const AT_ONCE = 3;

interface Sheet {
  /** Name of the class; null: people of a school without an account. */
  name: string | null;
  back: { href: string; text: string };
  people: ListedAccount[];
  mayCreate: boolean;
  /** There are more people than these. */
  more: boolean;
}

/**
 * `/kaartjes?klas=`: sign-in cards of a class; `?school=`: of the people of a school who have no account. Each chosen person gets a new
 * password, which is on the card and nowhere else.
 */
@customElement('login-cards-page')
export class CardsPage extends PortalElement {
  static override ns = 'login';
  static override styles = [
    sharedStyles,
    css`
      .people {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(18rem, 1fr));
        gap: 0 var(--il-space-5);
      }
      .person {
        padding-block: var(--il-space-2);
        overflow-wrap: anywhere;
      }
      .cards {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(20rem, 1fr));
        gap: 4mm;
        padding: 0;
        list-style: none;
      }
      @media print {
        .page {
          display: block;
          max-width: none;
        }
        .page > :not(.cards) {
          display: none !important;
        }
        .cards {
          grid-template-columns: 1fr 1fr;
        }
        .cards li {
          break-inside: avoid;
        }
      }
    `,
  ];

  @property({ attribute: false }) query = new URLSearchParams();

  /** People left out by the reader. */
  @state() private without: ReadonlySet<string> = new Set();
  @state() private made: SignInDetails[] = [];
  @state() private failed: ListedAccount[] = [];
  @state() private busy = false;

  #printed = true;
  #stopGuard: (() => void) | undefined;

  readonly #sheet = new Task(this, {
    task: ([klas, school], { signal }) => this.#load(klas, school, signal),
    args: () => [this.query.get('klas'), this.query.get('school')] as const,
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopGuard = guardLeaving(() => !this.#printed, {
      title: this.t('cards.leaveTitle'),
      text: this.t('cards.leaveText'),
      confirm: this.t('cards.leave'),
    });
    window.addEventListener('afterprint', this.#onPrinted);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopGuard?.();
    window.removeEventListener('afterprint', this.#onPrinted);
  }

  readonly #onPrinted = (): void => {
    this.#printed = true;
  };

  async #load(klas: string | null, school: string | null, signal: AbortSignal): Promise<Sheet | null> {
    if (klas !== null) {
      const { name, pupils, mayCreate } = await login.get('/classes/:id/accounts', { params: { id: klas }, signal });
      return { name, back: { href: `/klassen/${klas}`, text: name }, people: pupils, mayCreate, more: false };
    }
    if (school === null) return null;
    const { people, total } = await login.get('/schools/:id/missing-accounts', { params: { id: school }, signal });
    const back = { href: `/school?school=${school}`, text: this.t('cards.school') };
    return { name: null, back, people, mayCreate: true, more: total > people.length };
  }

  override render() {
    return this.#sheet.render({
      pending: () =>
        html`<div class="page"><il-page-head heading=${this.t('cards.title')}></il-page-head><il-skeleton lines="8"></il-skeleton></div>`,
      error: (problem) => html`<div class="page">
        <il-page-head heading=${this.t('cards.title')}></il-page-head>
        <il-problem .problem=${problem} @retry=${() => this.#sheet.run()}></il-problem>
      </div>`,
      complete: (sheet) => (sheet === null || sheet.people.length === 0 ? this.#nobody(sheet) : this.#page(sheet)),
    });
  }

  #nobody(sheet: Sheet | null) {
    return html`<div class="page">
      <il-page-head heading=${this.t('cards.title')} .back=${sheet?.back}></il-page-head>
      <il-empty icon="key-round" heading=${this.t('cards.nobody')}></il-empty>
    </div>`;
  }

  #page(sheet: Sheet) {
    const heading = sheet.name === null ? this.t('cards.titleMissing') : this.t('cards.titleOf', { name: sheet.name });
    return this.made.length > 0 || this.failed.length > 0 ? this.#result(sheet, heading) : this.#choice(sheet, heading);
  }

  #choice(sheet: Sheet, heading: string) {
    const able = sheet.people.filter(({ username }) => username !== null || sheet.mayCreate);
    const chosen = able.filter(({ id }) => !this.without.has(id));
    const unable = sheet.people.length - able.length;
    const resets = chosen.filter(({ username }) => username !== null).length;
    return html`
      <div class="page">
        <il-page-head heading=${heading} .back=${sheet.back}>
          <p>${this.t('cards.intro')}</p>
          <wa-button slot="actions" variant="brand" ?disabled=${chosen.length === 0} ?loading=${this.busy} @click=${() => this.#make(chosen)}>
            <il-icon slot="start" name="printer"></il-icon>${this.t('cards.make', { count: chosen.length })}
          </wa-button>
        </il-page-head>
        ${
          resets > 0
            ? html`<wa-callout variant="warning">
                <il-icon slot="icon" name="triangle-alert"></il-icon>
                <p>${this.t('cards.warning', { count: resets })}</p>
              </wa-callout>`
            : nothing
        }
        ${unable > 0 ? html`<p>${this.t('cards.unable', { count: unable })}</p>` : nothing}
        <fieldset class="people">
          <legend>${this.t('cards.chosen', { count: chosen.length })}</legend>
          ${sheet.people.map((person) => this.#person(person, able.includes(person), sheet.name === null))}
        </fieldset>
        <il-truncated ?more=${sheet.more} shown=${sheet.people.length}></il-truncated>
      </div>
    `;
  }

  #person({ id, givenName, familyName, username, className, kind }: ListedAccount, able: boolean, withClass: boolean) {
    const where = withClass ? (className ?? this.t(`cards.kind.${kind}`)) : null;
    return html`<wa-checkbox
      class="person"
      ?disabled=${!able}
      .checked=${able && !this.without.has(id)}
      @change=${(event: Event) => this.#choose(id, (event.target as HTMLInputElement).checked)}
    >
      ${givenName} ${familyName} <span class="muted small">${where ?? username ?? this.t('cards.noAccount')}</span>
    </wa-checkbox>`;
  }

  #choose(id: string, on: boolean): void {
    const without = new Set(this.without);
    if (on) without.delete(id);
    else without.add(id);
    this.without = without;
  }

  #result({ people, back }: Sheet, heading: string) {
    const groups = new Map(people.map(({ id, className }) => [id, className ?? '']));
    return html`
      <div class="page">
        <il-page-head heading=${heading} .back=${back}>
          <p role="status">${this.t('cards.made', { count: this.made.length })} ${this.t('cards.once')}</p>
          <wa-button slot="actions" variant="brand" @click=${this.#print}>
            <il-icon slot="start" name="printer"></il-icon>${this.t('cards.printAgain')}
          </wa-button>
        </il-page-head>
        ${
          this.failed.length > 0
            ? html`<wa-callout variant="danger" role="alert">
                <il-icon slot="icon" name="circle-alert"></il-icon>
                <div class="stack">
                  <p>${this.t('cards.failed', { count: this.failed.length, names: this.failed.map(fullName).join(', ') })}</p>
                  <div class="actions">
                    <wa-button appearance="outlined" ?loading=${this.busy} @click=${() => this.#make(this.failed)}>${this.t('cards.retry')}</wa-button>
                  </div>
                </div>
              </wa-callout>`
            : nothing
        }
        <ul class="cards">
          ${this.made.map(
            (details) => html`<li><login-card .details=${details} group=${groups.get(details.personId) ?? ''}></login-card></li>`,
          )}
        </ul>
      </div>
    `;
  }

  /** Each person is a request of its own, so that each has an audit entry, and one failure costs no other person their card. */
  async #make(people: readonly ListedAccount[]): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    const made = new Map<string, SignInDetails>();
    const failed: ListedAccount[] = [];
    const waiting = [...people];
    const work = async () => {
      for (let person = waiting.shift(); person !== undefined; person = waiting.shift()) {
        try {
          made.set(person.id, await login.post('/people/:id/password', { params: { id: person.id } }));
        } catch {
          failed.push(person);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    this.made = [...this.made, ...people.flatMap(({ id }) => made.get(id) ?? [])];
    this.failed = failed;
    this.busy = false;
    if (made.size === 0) return;
    this.#printed = false;
    await this.updateComplete;
    await Promise.all([...this.renderRoot.querySelectorAll('login-card')].map((card) => card.updateComplete));
    this.#print();
  }

  #print(): void {
    window.print();
  }
}

const fullName = ({ givenName, familyName }: ListedAccount): string => `${givenName} ${familyName}`;

declare global {
  interface HTMLElementTagNameMap {
    'login-cards-page': CardsPage;
  }
}
