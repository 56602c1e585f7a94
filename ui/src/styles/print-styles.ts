import { css } from 'lit';

/**
 * Rules for paper, part of `sharedStyles`: controls are left out, pages are as wide as the paper, and nothing scrolls. A page with a sheet
 * of its own (`PrintSheet`) marks what the sheet replaces with `.screen-only`. `.no-print` leaves a part out, `.print-only` shows one on
 * paper only.
 */
export const printStyles = css`
  .print-only,
  .print-sheet {
    display: none;
  }
  @media print {
    .print-only,
    .print-sheet {
      display: block;
    }
    :host([data-sheet]) .screen-only,
    .no-print,
    .toolbar,
    .tabs,
    wa-button,
    wa-dropdown {
      display: none !important;
    }
    .page {
      display: block;
      max-width: none;
    }
    .page > * + * {
      margin-block-start: var(--il-space-4);
    }
    .scroll-x {
      overflow: visible;
    }
    tr,
    li {
      break-inside: avoid;
    }
    h1,
    h2,
    h3 {
      break-after: avoid;
    }
  }
`;
