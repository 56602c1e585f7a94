import { html, render } from 'lit';
import { translate } from '../base/i18n.js';
import '../components/il-dialog.js';

/** The question of `confirmDialog`. Texts are not translated. */
export interface Question {
  title: string;
  text?: string;
  /** Label of the confirm button; names the action: "Verwijder het pad". */
  confirm?: string;
  cancel?: string;
  /** The action cannot be undone. */
  danger?: boolean;
}

/** Asks for confirmation. Resolves to true only if the user confirms. */
export async function confirmDialog(question: Question): Promise<boolean> {
  try {
    await import('../elements/button.js');
  } catch {
    // Without a connection, the browser's own question is better than none.
    return confirm([question.title, question.text].filter(Boolean).join('\n\n'));
  }
  const host = document.createElement('div');
  document.body.append(host);
  return new Promise((resolve) => {
    const answer = (yes: boolean) => {
      render('', host);
      host.remove();
      resolve(yes);
    };
    render(
      html`
        <il-dialog heading=${question.title} alert .open=${true} @il-close=${() => answer(false)}>
          ${question.text ?? ''}
          <wa-button slot="footer" appearance="plain" @click=${() => answer(false)}>
            ${question.cancel ?? translate('ui', 'cancel')}
          </wa-button>
          <wa-button slot="footer" appearance="accent" variant=${question.danger ? 'danger' : 'brand'} @click=${() => answer(true)}>
            ${question.confirm ?? translate('ui', 'confirm')}
          </wa-button>
        </il-dialog>
      `,
      host,
    );
  });
}
