import { navigate, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { operations } from '../client.js';
import type { Change, Section } from './shapes.js';
import './section.js';

abstract class SettingsPage extends PortalElement {
  static override ns = 'operations';
  static override styles = [sharedStyles];

  /** The page around what `task` loads. While it loads again, what it loaded before stays. */
  protected page<T>(title: string, intro: string, task: Task<readonly unknown[], T>, show: (loaded: T) => unknown) {
    return html`<div class="page narrow">
      <il-page-head heading=${title}><p>${intro}</p></il-page-head>
      ${task.render({
        pending: () => (task.value ? show(task.value) : html`<il-skeleton lines="8"></il-skeleton>`),
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => task.run()}></il-problem>`,
        complete: show,
      })}
    </div>`;
  }

  protected sections(
    scope: 'portal' | 'tenant',
    all: readonly Section[],
    save: (plugin: string, change: Change) => Promise<unknown>,
    reload: () => Promise<void>,
  ) {
    return all.map(
      (section) => html`<operations-settings-section
        .section=${section}
        .scope=${scope}
        .save=${(change: Change) => save(section.plugin, change)}
        .reload=${reload}
      ></operations-settings-section>`,
    );
  }
}

/** `/beheer/instellingen`: the settings of the portal. */
@customElement('operations-portal-settings')
export class PortalSettings extends SettingsPage {
  #sections = new Task(this, {
    task: (_, { signal }) => operations.get('/settings/portal', { signal }),
    args: () => [],
  });

  override render() {
    return this.page(this.t('settings.portalTitle'), this.t('settings.portalIntro'), this.#sections, (all) => this.#all(all));
  }

  #all(all: readonly Section[]) {
    const save = (plugin: string, body: Change) => operations.patch('/settings/portal/:plugin', { params: { plugin }, body });
    return this.sections('portal', all, save, () => this.#sections.run());
  }
}

/** `/instellingen`: the settings of a tenant; `?organisatie=` chooses one of several. */
@customElement('operations-tenant-settings')
export class TenantSettings extends SettingsPage {
  @property({ attribute: false }) query = new URLSearchParams();

  #loaded = new Task(this, {
    task: async ([wanted], { signal }) => {
      const { tenants, more } = await operations.get('/settings/tenants', { signal });
      const tenant = tenants.find(({ id }) => id === wanted)?.id ?? tenants[0]?.id;
      const sections =
        tenant === undefined ? [] : await operations.get('/settings/tenants/:tenant', { params: { tenant }, signal });
      return { tenants, more, tenant, sections };
    },
    args: () => [this.query.get('organisatie')] as const,
  });

  override render() {
    return this.page(this.t('settings.tenantTitle'), this.t('settings.tenantIntro'), this.#loaded, (loaded) => this.#all(loaded));
  }

  #all({
    tenants,
    more,
    tenant,
    sections,
  }: {
    more: boolean;
    tenants: { id: string; name: string }[];
    tenant: string | undefined;
    sections: Section[];
  }) {
    if (tenant === undefined) {
      return html`<il-empty icon="settings" heading=${this.t('settings.none')} text=${this.t('settings.noneText')}></il-empty>`;
    }
    const save = (plugin: string, body: Change) =>
      operations.patch('/settings/tenants/:tenant/:plugin', { params: { tenant, plugin }, body });
    return html`
      ${
        tenants.length === 1
          ? html`<p class="strong">${tenants[0]?.name}</p>`
          : html`<il-combobox
              .label=${this.t('settings.tenant')}
              .options=${tenants.map(({ id, name }) => ({ value: id, label: name }))}
              .value=${tenant}
              @il-change=${(event: CustomEvent<{ value: string }>) => {
                if (event.detail.value !== '') navigate(`/instellingen?organisatie=${encodeURIComponent(event.detail.value)}`);
              }}
            ></il-combobox>`
      }
      ${more ? html`<p class="muted small">${this.t('settings.more')}</p>` : nothing}
      ${sections.length === 0 ? nothing : this.sections('tenant', sections, save, () => this.#loaded.run())}
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'operations-portal-settings': PortalSettings;
    'operations-tenant-settings': TenantSettings;
  }
}
