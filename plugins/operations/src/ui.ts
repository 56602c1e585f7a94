import './plugins/plugins-page.js';
import './queues/queues-page.js';
import './settings/pages.js';
import './plugins/start-portal.js';
import './first-steps/first-steps-page.js';
