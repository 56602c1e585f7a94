import type { Dependencies } from './dependencies.js';
import type { Inbox } from './inbox/inbox.js';
import type { NotifyService } from './inbox/notify-service.js';
import type { Kinds } from './kinds/kinds.js';

/** The services that routes and jobs can resolve. Services use {@link Dependencies} instead, to avoid a circular import. */
export interface Cradle extends Dependencies {
  kinds: Kinds;
  notify: NotifyService;
  inbox: Inbox;
}
