import type { Task } from '@lit/task';
import { html } from 'lit';

/**
 * A page about one thing: its head and a placeholder until it was loaded, then the page, which stays while it is loaded again, or what went
 * wrong with a retry button.
 */
export function loadedPage<T>(
  task: Task<never, T>,
  { head, page }: { head: () => unknown; page: (loaded: T) => unknown },
): unknown {
  const { value } = task;
  return html`<div class="page">
    ${task.render({
      pending: () => (value === undefined ? html`${head()}<il-skeleton lines="8"></il-skeleton>` : page(value)),
      complete: page,
      error: (problem) => html`${head()}<il-problem .problem=${problem} @retry=${() => task.run()}></il-problem>`,
    })}
  </div>`;
}
