import './inbox/bell.js';
import './inbox/inbox-page.js';
