import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import en from '../../messages/accessibility/en.json' with { type: 'json' };
import fr from '../../messages/accessibility/fr.json' with { type: 'json' };
import nl from '../../messages/accessibility/nl.json' with { type: 'json' };
import { formatDate } from '../base/format.js';
import { addMessages, translate } from '../base/i18n.js';
import { PortalElement } from '../base/portal-element.js';
import { TESTED_ON } from './accessibility-tested.js';

addMessages('accessibility', { nl, en, fr });

const TESTED = ['axe', 'focus', 'keyboard', 'reflow', 'forced', 'motion'] as const;
const LIMITS = ['people', 'tools', 'board', 'files'] as const;

/** `/toegankelijkheid`: the accessibility statement, for everyone. It says what the tests of this version show, and what they do not. */
@customElement('il-accessibility-page')
export class IlAccessibilityPage extends PortalElement {
  static override ns = 'accessibility';

  override render() {
    return html`
      <div class="page narrow">
        <h1>${translate('ui', 'accessibility.title')}</h1>
        <p>${this.t('aim')}</p>
        <section class="stack">
          <h2>${this.t('testedTitle')}</h2>
          <p>${this.t('testedOn', { date: formatDate(TESTED_ON, 'long') })}</p>
          <ul>${TESTED.map((each) => html`<li>${this.t(`tested.${each}`)}</li>`)}</ul>
        </section>
        <section class="stack">
          <h2>${this.t('limitsTitle')}</h2>
          <ul>${LIMITS.map((each) => html`<li>${this.t(`limits.${each}`)}</li>`)}</ul>
        </section>
        <section class="stack">
          <h2>${this.t('helpTitle')}</h2>
          <p>${this.t('help')}</p>
        </section>
      </div>
    `;
  }
}
