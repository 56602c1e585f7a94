import { html, render } from 'lit';
import { translate } from '../base/i18n.js';
import '../components/il-dialog.js';

/** What `confirmDialog` asks. All texts are shown as they are. */
export interface Question {
  title: string;
  text?: string;
  /** Label of the confirming button, with the action: "Verwijder het pad". */
  confirm?: string;
  cancel?: string;
  /** It cannot be undone. */
  danger?: boolean;
}

/** Asks before something that is hard to undo. Resolves to true only if the person confirms. */
export function confirmDialog(question: Question): Promise<boolean> {
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
