import './week/class-link.js';
import './week/week-page.js';
