import './service-levels/components/service-levels-page.js';
import './tickets/components/ask-page.js';
import './tickets/components/contact-page.js';
import './tickets/components/my-tickets-page.js';
import './tickets/components/queue-page.js';
import './tickets/components/report-launch.js';
import './tickets/components/sides-page.js';
import './tickets/components/ticket-page.js';
