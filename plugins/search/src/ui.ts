import './box/search-button.js';
