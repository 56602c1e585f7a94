import type { Dependencies } from './dependencies.js';
import type { Inbox } from './inbox/inbox.js';
import type { NotifyService } from './inbox/notify-service.js';
import type { Kinds } from './kinds/kinds.js';
import type { LetterKinds } from './kinds/letter-kinds.js';
import type { LettersService } from './letters/letters-service.js';
import type { Addresses } from './mail/addresses.js';
import type { Composer } from './mail/composer.js';
import type { Delivery } from './mail/delivery.js';
import type { Tokens } from './mail/tokens.js';
import type { Outbox } from './outbox/outbox.js';
import type { PreferencesService } from './preferences/preferences-service.js';

/** The services that routes and jobs can resolve. Services use {@link Dependencies} instead, to avoid a circular import. */
export interface Cradle extends Dependencies {
  kinds: Kinds;
  notify: NotifyService;
  inbox: Inbox;
  addresses: Addresses;
  tokens: Tokens;
  composer: Composer;
  delivery: Delivery;
  preferences: PreferencesService;
  outbox: Outbox;
  letterKinds: LetterKinds;
  letters: LettersService;
}
