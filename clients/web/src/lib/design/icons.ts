/** Line icons on a 24 by 24 grid, drawn for Plenum: one path each, stroked with the text's colour. */
export const ICONS = {
  check: 'M5 12.5l4.5 4.5L19 7.5',
  clock: 'M12 7v5l3.5 2M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17',
  up: 'M12 19V6M6 11.5L12 5.5l6 6',
  down: 'M12 5v13M6 12.5l6 6l6-6',
  bars: 'M5 20V11M12 20V4M19 20v-6',
  question: 'M9 9.2a3 3 0 1 1 4.4 2.7c-.9.5-1.4 1-1.4 2.1M12 17.4v.1M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18',
  chat: 'M4 5.5h16v11H10l-4.5 3.5v-3.5H4z',
  people: 'M9 11a3.5 3.5 0 1 0 0-7a3.5 3.5 0 1 0 0 7M2.5 20a6.5 6.5 0 0 1 13 0M16 4.4a3.5 3.5 0 0 1 0 6.4M18 14.2a6.5 6.5 0 0 1 3.5 5.8',
  globe: 'M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M3 12h18M12 3c3 2.5 4 5.5 4 9s-1 6.5-4 9c-3-2.5-4-5.5-4-9s1-6.5 4-9',
  pin: 'M9 4h6l-.7 6 3.2 3.5H6.5L9.7 10zM12 13.5V20',
  close: 'M6 6l12 12M18 6L6 18',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  trash: 'M5 7h14M10 4h4M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5',
  mute: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5',
  screen: 'M3 5h18v11H3zM9 20h6M12 16v4',
  grip: 'M9 6v.1M15 6v.1M9 12v.1M15 12v.1M9 18v.1M15 18v.1',
  offline: 'M4 4l16 16M8.5 12.5a6 6 0 0 1 3-1.4M5 9a11 11 0 0 1 3.5-2.2M12 6c2.7 0 5.2 1.1 7 3M15 12a6 6 0 0 1 .700.6M12 17.5v.1',
  play: 'M7 4.5l12 7.5l-12 7.5z',
  pause: 'M8 5v14M16 5v14',
  smile: 'M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M8.5 14.5a4.5 4.5 0 0 0 7 0M9 9.5v.1M15 9.5v.1',
  expand: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  sort: 'M8 4v15M4.5 15.5L8 19l3.5-3.5M14 6h6M14 11h5M14 16h4',
  edit: 'M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19z',
} as const;

export type IconName = keyof typeof ICONS;
