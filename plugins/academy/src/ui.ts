import './trainings/components/catalogue-page.js';
import './trainings/components/training-page.js';
import './trainings/components/training-edit-page.js';
import './events/components/desk-page.js';
import './events/components/event-page.js';
import './events/components/event-edit-page.js';
import './enrolments/components/my-learning-page.js';
import './enrolments/components/team-page.js';
