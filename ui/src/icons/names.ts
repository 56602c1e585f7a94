/** The Lucide icons that the portal carries; a plugin that needs another brings it with `registerIcons`. */
export const ICON_NAMES = [
  'accessibility', 'activity', 'archive', 'arrow-down', 'arrow-left', 'arrow-right', 'arrow-up', 'arrow-up-right', 'atom',
  'award', 'badge-check', 'ban', 'bell', 'blocks', 'book', 'book-marked', 'book-open', 'book-open-check', 'bookmark',
  'building', 'building-2', 'bus', 'calculator', 'calendar', 'calendar-check', 'calendar-days', 'chart-column', 'chart-line',
  'check', 'check-check', 'chevron-down', 'chevron-left', 'chevron-right', 'chevron-up', 'chevrons-up-down', 'circle',
  'circle-alert', 'circle-check', 'circle-dot', 'circle-help', 'circle-pause', 'circle-play', 'circle-plus', 'circle-user',
  'circle-x', 'clipboard-check', 'clipboard-list', 'clock', 'cloud-off', 'code', 'cog', 'copy', 'download', 'ellipsis',
  'ellipsis-vertical', 'external-link', 'eye', 'eye-off', 'file', 'file-text', 'file-up', 'filter', 'flag', 'flask-conical',
  'folder', 'funnel', 'gauge', 'gift', 'git-branch', 'git-fork', 'globe', 'graduation-cap', 'grip-vertical', 'hand', 'hand-helping',
  'headphones', 'heart', 'hourglass', 'house', 'image', 'inbox', 'info', 'key-round', 'keyboard', 'landmark', 'languages',
  'laptop', 'layers', 'layout-dashboard', 'layout-list', 'library', 'life-buoy', 'lightbulb', 'link', 'list', 'list-checks',
  'list-filter', 'list-ordered', 'lock', 'lock-open', 'log-in', 'log-out', 'mail', 'map', 'map-pin', 'medal', 'megaphone', 'menu',
  'message-circle', 'message-square', 'mic', 'microscope', 'minus', 'monitor', 'moon', 'mouse-pointer-click', 'move', 'music',
  'newspaper', 'notebook-pen', 'package', 'palette', 'panel-left', 'paperclip', 'pause', 'pencil', 'play', 'plug', 'plus',
  'presentation', 'printer', 'puzzle', 'qr-code', 'redo-2', 'refresh-cw', 'repeat', 'rocket', 'rotate-ccw', 'route', 'ruler', 'save',
  'school', 'search', 'send', 'settings', 'share-2', 'shield', 'shield-check', 'signpost', 'sliders-horizontal', 'smile', 'sparkles',
  'split', 'square', 'square-check', 'star', 'sun', 'sun-moon', 'table', 'tag', 'tags', 'target', 'ticket', 'timer', 'train-front',
  'train-track', 'trash-2', 'trending-down', 'trending-up', 'triangle-alert', 'trophy', 'undo-2', 'unlink', 'unplug', 'upload',
  'user', 'user-check', 'user-cog', 'user-minus', 'user-plus', 'user-round', 'users', 'users-round', 'video', 'volume-2',
  'waypoints', 'wifi-off', 'workflow', 'wrench', 'x', 'zap',
] as const;

/** Plain words for some of them. */
export const ICON_ALIASES: Readonly<Record<string, (typeof ICON_NAMES)[number]>> = {
  chart: 'chart-column',
  delete: 'trash-2',
  edit: 'pencil',
  help: 'circle-help',
  home: 'house',
  person: 'user-round',
  warning: 'triangle-alert',
};
