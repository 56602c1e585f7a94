import icons from 'virtual:ilearn-icons';
import { ICON_ALIASES } from './names.js';
import { registerIcons } from './registry.js';

registerIcons(icons);
for (const [alias, name] of Object.entries(ICON_ALIASES)) registerIcons({ [alias]: icons[name] ?? [] });
