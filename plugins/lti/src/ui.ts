import './registrations/tools-page.js';
