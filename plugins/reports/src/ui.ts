import './pages/footer-link.js';
import './pages/public-page.js';
import './pages/school-page.js';
import './pages/tool-page.js';
