import { languageName, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ToolView } from '../tool-view.js';
import { agesOf } from './words.js';

/** What schools read before they use a tool: price, account, data and why, privacy statement, help. */
@customElement('library-tool-facts')
export class LibraryToolFacts extends PortalElement {
  static override ns = 'library';
  static override styles = [
    sharedStyles,
    css`
      dl {
        display: grid;
        gap: var(--il-space-3);
      }
      dt {
        color: var(--il-ink-soft);
        font-size: var(--il-text-s);
      }
      ul {
        display: grid;
        gap: var(--il-space-1);
        padding-inline-start: 1.1em;
      }
      dd {
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) tool!: ToolView;

  override render() {
    const { about, hosts } = this.tool;
    if (about === null) return html`<p>${this.t('tool.unknown', { name: this.tool.name })}</p>`;
    const fact = (key: string, value: string | TemplateResult | TemplateResult[]) =>
      html`<div><dt>${this.t(`tool.${key}`)}</dt><dd>${value}</dd></div>`;
    return html`<dl>
      ${fact('price', about.price ?? this.t('tool.free'))}
      ${fact('account', this.t(`tool.accounts.${about.account}`))}
      ${fact('data', [
        about.data.length === 0
          ? html`<p>${this.t('tool.noData')}</p>`
          : html`<ul>${about.data.map(({ what, why }) => html`<li>${this.t('tool.dataWhy', { what, why })}</li>`)}</ul>`,
        ...(hosts.length === 0 ? [] : [html`<p>${this.t('tool.host', { hosts: hosts.join(', '), count: hosts.length })}</p>`]),
      ])}
      ${fact('languages', about.languages.map((language) => languageName(language)).join(', '))}
      ${fact(
        'ages',
        agesOf((key, options) => this.t(key, options), { ageFrom: about.ages.from, ageTo: about.ages.to }),
      )}
      ${fact(
        'more',
        html`<ul>
        <li>${this.#link(about.privacyStatement, 'tool.privacy')}</li>
        <li>${this.#link(about.help, 'tool.help')}</li>
        ${about.website === null ? nothing : html`<li>${this.#link(about.website, 'tool.website')}</li>`}
      </ul>`,
      )}
    </dl>`;
  }

  /** The name of the tool is in each link, because a page with all tools has many. */
  #link(address: string, key: string) {
    const text = this.t(key, { name: this.tool.name });
    if (address.startsWith('/')) return html`<a href=${address}>${text}</a>`;
    return html`<a href=${address} target="_blank" rel="noopener noreferrer">${text}</a>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'library-tool-facts': LibraryToolFacts;
  }
}
