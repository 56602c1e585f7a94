import './classes/classes-page.js';
import './classes/class-page.js';
import './schools/school-page.js';
import './oneroster/import-page.js';
