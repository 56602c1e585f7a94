import './classes/classes-page.js';
import './classes/class-page.js';
import './people/person-page.js';
import './providers/providers-page.js';
import './providers/provider-page.js';
import './schools/school-page.js';
import './oneroster/import-page.js';
