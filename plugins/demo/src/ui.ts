import './doors/doors-link.js';
import './doors/doors-page.js';
