import { css } from 'lit';

export const weekStyles = css`
  .classes {
    display: flex;
    flex-wrap: wrap;
    gap: var(--il-space-2);
    padding: 0;
    list-style: none;
  }
  .classes a {
    display: inline-flex;
    align-items: center;
    min-height: var(--il-target);
    padding-inline: var(--il-space-4);
    border: 1px solid var(--il-edge);
    border-radius: var(--il-radius);
    text-decoration: none;
  }
  .classes a[aria-current] {
    color: var(--il-paper);
    background: var(--il-ink);
    border-color: var(--il-ink);
    font-weight: 680;
  }
  .weeks {
    display: flex;
    flex-wrap: wrap;
    gap: var(--il-space-3);
    align-items: center;
  }
  .weeks h2 {
    flex: 1 1 20rem;
  }
  .days {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 11rem), 1fr));
    gap: var(--il-space-4);
    align-items: start;
    padding: 0;
    list-style: none;
  }
  .day {
    display: grid;
    gap: var(--il-space-3);
    align-content: start;
    padding-top: var(--il-space-3);
    border-top: 3px solid var(--il-rule);
  }
  .day.today {
    border-top-color: var(--il-action);
  }
  .day h3 {
    display: flex;
    gap: var(--il-space-2);
    align-items: baseline;
    justify-content: space-between;
  }
  .tasks {
    display: grid;
    gap: var(--il-space-3);
    padding: 0;
    list-style: none;
  }
`;
