import { formatDate } from '@ilearn/ui';
import { html, nothing } from 'lit';

type Translate = (key: string, options?: Record<string, unknown>) => string;

export interface ShownMessage {
  id: string;
  kind: string;
  part: string;
  author: string | null;
  mine: boolean;
  mail: string | null;
  automatic: boolean;
  fromNumber: number | null;
  text: string;
  at: string;
  files: { id: string; name: string; bytes: number }[];
}

/** A conversation. Texts are shown as written; notes are tinted and labelled. */
export function thread(
  t: Translate,
  messages: readonly ShownMessage[],
  action: (message: ShownMessage) => unknown = () => nothing,
) {
  return html`<ol class="thread">
    ${messages.map(
      (message) => html`<li class="message ${message.kind} ${message.mine ? 'mine' : ''} ${message.automatic ? 'automatic' : ''}">
        <div class="facts">
          <span class="strong">${message.author ?? t(`tickets.parts.${message.part}`)}</span>
          ${message.kind === 'note' ? html`<span><il-icon name="eye-off"></il-icon> ${t('tickets.note')}</span>` : nothing}
          ${message.automatic ? html`<span>${t('tickets.automatic')}</span>` : nothing}
          ${message.fromNumber === null ? nothing : html`<span>${t('tickets.fromTicket', { number: message.fromNumber })}</span>`}
          <span>${formatDate(message.at, 'time')}</span>
        </div>
        ${
          message.mail === null
            ? html`<p class="text">${message.text === '' ? t('tickets.erased') : message.text}</p>`
            : html`<helpdesk-mail-body .mail=${message.mail} .text=${message.text}><p class="text">${message.text}</p></helpdesk-mail-body>`
        }
        ${
          message.files.length === 0
            ? nothing
            : html`<ul class="files">
                ${message.files.map(
                  ({ id, name }) =>
                    html`<li><a href="/api/helpdesk/attachments/${id}" download><il-icon name="paperclip"></il-icon> ${name}</a></li>`,
                )}
              </ul>`
        }
        ${action(message)}
      </li>`,
    )}
  </ol>`;
}
