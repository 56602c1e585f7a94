import './queues/queues-page.js';
