import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { formatDate } from '../base/format.js';
import { PortalElement } from '../base/portal-element.js';
import { TESTED_ON } from './accessibility-tested.js';

export const ACCESSIBILITY_PATH = '/toegankelijkheid';

const TESTED = ['axe', 'focus', 'keyboard', 'reflow', 'forced', 'motion'] as const;
const LIMITS = ['people', 'tools', 'board', 'files'] as const;

/** `/toegankelijkheid`: the accessibility statement, for everyone. It says what the tests of this version show, and what they do not. */
@customElement('il-accessibility-page')
export class IlAccessibilityPage extends PortalElement {
  override render() {
    return html`
      <div class="page narrow">
        <h1>${this.t('accessibility.title')}</h1>
        <p>${this.t('accessibility.aim')}</p>
        <section class="stack">
          <h2>${this.t('accessibility.testedTitle')}</h2>
          <p>${this.t('accessibility.testedOn', { date: formatDate(TESTED_ON, 'long') })}</p>
          <ul>${TESTED.map((each) => html`<li>${this.t(`accessibility.tested.${each}`)}</li>`)}</ul>
        </section>
        <section class="stack">
          <h2>${this.t('accessibility.limitsTitle')}</h2>
          <ul>${LIMITS.map((each) => html`<li>${this.t(`accessibility.limits.${each}`)}</li>`)}</ul>
        </section>
        <section class="stack">
          <h2>${this.t('accessibility.helpTitle')}</h2>
          <p>${this.t('accessibility.help')}</p>
        </section>
      </div>
    `;
  }
}
