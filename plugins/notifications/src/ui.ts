import './inbox/bell.js';
import './inbox/inbox-page.js';
import './outbox/outbox-page.js';
import './preferences/preferences-page.js';
import './preferences/unsubscribe-page.js';
