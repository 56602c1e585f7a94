import './plugins/plugins-page.js';
import './queues/queues-page.js';
