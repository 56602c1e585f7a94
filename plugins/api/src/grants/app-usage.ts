import { formatDate, formatNumber, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { apps } from '../client.js';

/** What an app asked about a school in the last thirty days. */
@customElement('api-app-usage')
export class AppUsage extends PortalElement {
  static override ns = 'api';
  static override styles = [sharedStyles];

  @property({ attribute: false }) school = '';
  @property({ attribute: false }) app = '';

  #usage = new Task(this, {
    task: ([school, app], { signal }) => apps.get('/schools/:school/apps/:app/usage', { params: { school, app }, signal }),
    args: () => [this.school, this.app] as const,
  });

  override render() {
    return this.#usage.render({
      pending: () => html`<il-skeleton lines="3"></il-skeleton>`,
      error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#usage.run()}></il-problem>`,
      complete: ({ routes, more }) =>
        routes.length === 0
          ? html`<p>${this.t('school.noUsage')}</p>`
          : html`<table class="stacked">
                <caption>${this.t('school.usageText')}</caption>
                <thead>
                  <tr>
                    ${(['route', 'answered', 'refused', 'last'] as const).map((key) => html`<th scope="col">${this.t(`school.${key}`)}</th>`)}
                  </tr>
                </thead>
                <tbody>
                  ${routes.map(
                    (row) => html`<tr>
                      <td data-label=${this.t('school.route')}><code>${row.route}</code></td>
                      <td class="number" data-label=${this.t('school.answered')}>${formatNumber(row.answered)}</td>
                      <td class="number" data-label=${this.t('school.refused')}>${formatNumber(row.refused)}</td>
                      <td data-label=${this.t('school.last')}>${formatDate(row.last, 'day')}</td>
                    </tr>`,
                  )}
                </tbody>
              </table>
              <il-truncated ?more=${more} shown=${routes.length}></il-truncated>`,
    });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'api-app-usage': AppUsage;
  }
}
