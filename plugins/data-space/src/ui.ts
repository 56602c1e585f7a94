import './pages/open-page.js';
import './pages/partners-page.js';
import './pages/steward-page.js';
