import './own/own-page.js';
import './people/people-page.js';
import './people/person-link.js';
import './people/person-page.js';
import './register/register-page.js';
import './erasures/start-questions.js';
import './statement/statement-page.js';
