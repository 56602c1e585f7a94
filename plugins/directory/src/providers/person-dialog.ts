import { notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { directory } from '../client.js';
import type { ProviderPerson } from '../exports.js';

type Field = 'givenName' | 'familyName' | 'email';
const fields: readonly Field[] = ['givenName', 'familyName', 'email'];

/**
 * Adds a person to a provider, or changes the roles of one.
 * @fires il-close - closed without saving
 * @fires directory-person-saved
 */
@customElement('directory-provider-person-dialog')
export class ProviderPersonDialog extends PortalElement {
  static override ns = 'directory';

  static override styles = [
    sharedStyles,
    css`
      wa-checkbox {
        display: block;
        padding-block: var(--il-space-2);
      }
      .wrong {
        color: var(--il-bad);
      }
    `,
  ];

  @property({ type: Boolean }) open = false;
  @property() provider = '';

  /** Roles to choose from. */
  @property({ attribute: false }) grantable: readonly string[] = [];

  /** The person whose roles to change; undefined to add somebody. */
  @property({ attribute: false }) person: ProviderPerson | undefined;

  @state() private givenName = '';
  @state() private familyName = '';
  @state() private email = '';
  @state() private chosen: ReadonlySet<string> = new Set();
  @state() private missing: ReadonlySet<Field | 'roles'> = new Set();
  @state() private problem: unknown;
  @state() private saving = false;

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('open') || !this.open) return;
    for (const field of fields) this[field] = '';
    this.chosen = new Set(this.person?.roles);
    this.missing = new Set();
    this.problem = undefined;
  }

  override render() {
    const { person } = this;
    const heading = person ? this.t('provider.changeRoles', { name: fullName(person) }) : this.t('provider.add');
    return html`
      <il-dialog .heading=${heading} ?open=${this.open} @il-close=${this.#close}>
        <form class="stack" @submit=${this.#save}>
          ${person ? '' : fields.map((field) => this.#field(field))}
          <fieldset>
            <legend>${this.t('provider.roles')}</legend>
            ${this.grantable.map(
              (role) => html`<wa-checkbox
                .checked=${this.chosen.has(role)}
                .hint=${this.t(`provider.roleHint.${role}`)}
                @change=${(event: Event) => this.#choose(role, (event.target as HTMLInputElement).checked)}
              >${this.t(`provider.role.${role}`)}</wa-checkbox>`,
            )}
          </fieldset>
          ${this.missing.has('roles') ? html`<p class="wrong" role="alert">${this.t('provider.missing.roles')}</p>` : ''}
          ${this.problem ? html`<il-problem .problem=${this.problem}></il-problem>` : ''}
          <button hidden></button>
        </form>
        <wa-button slot="footer" appearance="outlined" @click=${this.#close}>${this.t('cancel')}</wa-button>
        <wa-button slot="footer" variant="brand" ?loading=${this.saving} @click=${this.#save}>
          ${this.t(person ? 'provider.saveRoles' : 'provider.addPerson')}
        </wa-button>
      </il-dialog>
    `;
  }

  #field(field: Field) {
    return html`
      <wa-input
        type=${field === 'email' ? 'email' : 'text'}
        .label=${this.t(`provider.${field}`)}
        .value=${this[field]}
        maxlength=${field === 'email' ? 254 : 100}
        autocomplete="off"
        required
        ?autofocus=${field === 'givenName'}
        @input=${(event: Event) => {
          this[field] = (event.target as HTMLInputElement).value;
        }}
      ></wa-input>
      ${this.missing.has(field) ? html`<p class="wrong" role="alert">${this.t(`provider.missing.${field}`)}</p>` : ''}
    `;
  }

  #choose(role: string, on: boolean): void {
    const chosen = new Set(this.chosen);
    if (on) chosen.add(role);
    else chosen.delete(role);
    this.chosen = chosen;
  }

  #close(): void {
    this.emit('il-close');
  }

  async #save(event: Event): Promise<void> {
    event.preventDefault();
    const empty = this.person ? [] : fields.filter((field) => this[field].trim() === '');
    this.missing = new Set<Field | 'roles'>([...empty, ...(this.chosen.size === 0 ? (['roles'] as const) : [])]);
    if (this.missing.size > 0 || this.saving) return;
    this.saving = true;
    this.problem = undefined;
    // The server refuses roles that do not exist.
    const roles = [...this.chosen] as never[];
    const { provider: id, person } = this;
    try {
      if (person) {
        await directory.put('/providers/:id/people/:person', { params: { id, person: person.id }, body: { roles } });
        notify({ kind: 'success', text: this.t('provider.rolesSaved', { name: fullName(person) }) });
      } else {
        const [givenName, familyName, email] = [this.givenName, this.familyName, this.email.trim()];
        await directory.post('/providers/:id/people', { params: { id }, body: { givenName, familyName, email, roles } });
        notify({ kind: 'success', text: this.t('provider.added', { name: `${givenName.trim()} ${familyName.trim()}` }) });
      }
      this.#close();
      this.emit('directory-person-saved');
    } catch (problem) {
      this.problem = problem;
    } finally {
      this.saving = false;
    }
  }
}

export const fullName = ({ givenName, familyName }: Pick<ProviderPerson, 'givenName' | 'familyName'>): string =>
  `${givenName} ${familyName}`;

declare global {
  interface HTMLElementTagNameMap {
    'directory-provider-person-dialog': ProviderPersonDialog;
  }
}
