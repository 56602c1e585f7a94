import { type CSSResult, css } from 'lit';

/** Styles for Web Awesome's elements beyond what tokens can set. */
const LOOK = {
  'wa-icon': css`
    svg {
      fill: none;
      stroke: currentcolor;
      stroke-width: 2;
      stroke-linecap: round;
      stroke-linejoin: round;
    }
  `,
  'wa-progress-bar': css`
    :host {
      --indicator-color: var(--il-ink);
      --track-color: var(--il-rule);
    }
  `,
  'wa-checkbox': css`
    :host {
      --checked-icon-color: var(--il-paper);
      --checked-icon-scale: 1;
    }
    [part~='icon']::part(svg) {
      stroke-width: 3;
    }
    [part~='label'] {
      padding-block-start: calc((var(--wa-form-control-toggle-size) - 1lh) / 2);
    }
  `,
  'wa-radio': css`
    [part~='label'] {
      padding-block-start: calc((var(--wa-form-control-toggle-size) - 1lh) / 2);
    }
  `,
  'wa-tab-group': css`
    :host {
      --indicator-color: var(--il-ink);
      --track-color: var(--il-rule);
      --track-width: 3px;
    }
  `,
  'wa-spinner': css`
    :host {
      --indicator-color: var(--il-ink);
      --track-color: var(--il-rule);
    }
  `,
  // A transparent outline is drawn in forced colours: a false focus ring around every field.
  'wa-input': css`
    @media (forced-colors: active) {
      .text-field:not(:has(input:focus)) {
        outline-style: none;
      }
    }
  `,
  'wa-textarea': css`
    @media (forced-colors: active) {
      .textarea:not(:focus-within) {
        outline-style: none;
      }
    }
  `,
  'wa-select': css`
    @media (forced-colors: active) {
      .combobox:not(:focus-within) {
        outline-style: none;
      }
    }
  `,
  'wa-button': css`
    .button {
      border-width: 2px;
    }
    :host([variant='brand']:not([appearance])) .button,
    :host([variant='brand'][appearance='accent']) .button {
      font-weight: 720;
      border-color: var(--il-action-edge);
    }
    :host([variant='brand']:not([appearance])) .button:not(.disabled, .loading):hover,
    :host([variant='brand'][appearance='accent']) .button:not(.disabled, .loading):hover {
      background-color: var(--il-action-hover);
    }
  `,
} satisfies Record<string, CSSResult>;

/** Adds the styles to defined elements. Call it before the first one is created. */
export function applyLook(...tags: (keyof typeof LOOK)[]): void {
  for (const tag of tags) {
    const element = customElements.get(tag) as unknown as { elementStyles: CSSResult[] };
    element.elementStyles.push(LOOK[tag]);
  }
}
