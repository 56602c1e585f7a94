import './page/licence-page.js';
import './page/provider-page.js';
import './page/school-page.js';
import './page/terms-form.js';
