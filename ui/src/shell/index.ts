import '../index.js';
import './il-shell.js';
