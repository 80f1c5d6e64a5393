// Shapes on a 24 by 24 grid; drawn, because not every machine has a font with them.

export const ICONS = {
  chat: "M4 4h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H9l-5 4v-4a2 2 0 0 1-2-2V6c0-1.1.9-2 2-2zm3 5v2h10V9zm0 4v2h7v-2z",
  close: "M6.4 5 12 10.6 17.6 5 19 6.4 13.4 12l5.6 5.6-1.4 1.4-5.6-5.6L6.4 19 5 17.6l5.6-5.6L5 6.4z",
  anew: "M12 5V1L7 6l5 5V7a5 5 0 1 1-5 5H5a7 7 0 1 0 7-7z",
  send: "M3 20.5v-6.2L12 12 3 9.7V3.5L22 12z",
  up: "M2 21h3V9H2zm20-11a2 2 0 0 0-2-2h-6.3l.9-4.6V3a1.5 1.5 0 0 0-.4-1L13.2 1 6.6 7.6A2 2 0 0 0 6 9v10a2 2 0 0 0 2 2h9a2 2 0 0 0 1.8-1.2l3-7a2 2 0 0 0 .2-.8z",
  down: "M22 3h-3v12h3zM2 14a2 2 0 0 0 2 2h6.3l-.9 4.6v.4c0 .4.1.7.4 1l1 1 6.6-6.6A2 2 0 0 0 18 15V5a2 2 0 0 0-2-2H7a2 2 0 0 0-1.8 1.2l-3 7a2 2 0 0 0-.2.8z",
};
