import './notes/notes-page.js';
