import './registrations/tools-page.js';
import './launches/start-tools.js';
