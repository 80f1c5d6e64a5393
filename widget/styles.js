// The widget's look. Colours are custom properties, so that a console can set its own.

const css = `
:host {
  --accent: var(--refundbot-accent, #2468f2); --on-accent: #fff; --accent-text: var(--accent);
  --panel: #fff; --page: #f5f7fb; --ink: #151b26; --soft: #5c6470; --line: #e3e7ee;
  --bot: #fff; --chip: #fff; --good: #0b8a4b; --warn: #c47a12; --bad: #8a919c; --error: #c93737;
  position: fixed; right: 24px; bottom: 24px; z-index: 2147483000; color: var(--ink);
  font: 14px/1.6 -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
}
@media (prefers-color-scheme: dark) {
  :host {
    --accent-text: #82abff; --panel: #1a202a; --page: #12171f; --ink: #e8ebf0; --soft: #9aa4b2; --line: #2e3745;
    --bot: #212937; --chip: #1a202a; --good: #5fd394; --warn: #f2b35e; --bad: #8892a1; --error: #ff8a80;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
button, textarea { font: inherit; color: inherit; }
button { cursor: pointer; }
button:disabled { cursor: default; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
svg { fill: currentColor; width: 22px; height: 22px; display: block; }

.launcher {
  display: flex; align-items: center; gap: 8px; border: 0; border-radius: 28px; padding: 13px 20px 13px 16px;
  background: var(--accent); color: var(--on-accent); font-weight: 600;
  box-shadow: 0 6px 22px rgb(20 60 160 / 32%); transition: transform .15s;
}
.launcher:hover { transform: translateY(-2px); }

.panel {
  position: absolute; right: 0; bottom: 0; width: 400px; height: min(640px, calc(100vh - 48px));
  height: min(640px, calc(100dvh - 48px)); display: flex; flex-direction: column; overflow: hidden;
  background: var(--panel); border: 1px solid var(--line); border-radius: 14px;
  box-shadow: 0 16px 48px rgb(15 25 50 / 24%);
}
header { display: flex; align-items: center; gap: 10px; padding: 12px 10px 12px 16px; background: var(--accent); color: var(--on-accent); }
header .face { width: 34px; height: 34px; border-radius: 50%; background: rgb(255 255 255 / 18%); display: grid; place-items: center; flex: none; }
header h2 { margin: 0; font-size: 15px; line-height: 1.3; font-weight: 600; }
header p { margin: 0; font-size: 12px; line-height: 1.3; opacity: .85; }
header .title { flex: 1; min-width: 0; }
header button { border: 0; background: none; color: inherit; border-radius: 6px; padding: 5px; display: grid; place-items: center; min-width: 34px; min-height: 34px; }
header button:hover { background: rgb(255 255 255 / 18%); }
header button:focus-visible { outline-color: #fff; outline-offset: -2px; }

.log { flex: 1; overflow-y: auto; overscroll-behavior: contain; background: var(--page); padding: 16px; }
.turn { display: flex; flex-direction: column; gap: 10px; margin-bottom: 14px; }
.bubble { border-radius: 12px; padding: 10px 14px; max-width: 92%; width: fit-content; overflow-wrap: anywhere; }
.bubble > * { margin: 0; } .bubble > * + * { margin-top: 5px; }
.bubble ol, .bubble ul { padding-left: 20px; } .bubble li { margin: 2px 0; }
.bot .bubble { background: var(--bot); border: 1px solid var(--line); border-top-left-radius: 4px; }
.bot .bubble[data-outcome] { border-left-width: 4px; border-left-color: var(--bad); border-top-left-radius: 8px; border-bottom-left-radius: 8px; }
.bot .bubble[data-outcome="refundable"] { border-left-color: var(--good); }
.bot .bubble[data-outcome="needs_review"] { border-left-color: var(--warn); }
.bot .bubble[data-kind="outage"] { border-left: 4px solid var(--warn); border-radius: 8px; }
.headline { font-weight: 600; font-size: 15px; }
.quiet { color: var(--soft); font-size: 12.5px; }
.bot a:not(.chip) { color: var(--accent-text); }
.me { align-self: flex-end; display: flex; flex-direction: column; align-items: flex-end; max-width: 86%; }
.me .bubble { background: var(--accent); color: var(--on-accent); border-bottom-right-radius: 4px; max-width: 100%; white-space: pre-wrap; }
.me[data-state="failed"] .bubble { opacity: .7; }
.state { display: flex; align-items: center; gap: 8px; margin-top: 4px; font-size: 12px; color: var(--error); }
.state button { border: 1px solid currentColor; border-radius: 10px; background: none; padding: 0 10px; font-size: 12px; color: inherit; }
.buttons { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px; }
.chip {
  border: 1px solid var(--accent-text); color: var(--accent-text); background: var(--chip); border-radius: 16px;
  padding: 4px 14px; font-size: 13px; line-height: 1.6; text-decoration: none; text-align: left;
}
.chip:hover:not(:disabled) { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.chip:disabled { border-color: var(--line); color: var(--soft); opacity: .75; }
.chip.link::after { content: "\\2009\\2197"; font-size: 12px; }
.suggestions { display: flex; flex-direction: column; align-items: flex-start; gap: 8px; margin-top: 10px; }

.launcher.news::after { content: ""; width: 10px; height: 10px; border-radius: 50%; background: var(--warn); box-shadow: 0 0 0 2px var(--panel); }
.replies { display: flex; flex-direction: column; gap: 10px; }
.bubble.typing > * { margin: 0; }
.typing { display: flex; gap: 5px; padding: 13px 14px; }
.typing i { width: 7px; height: 7px; border-radius: 50%; background: var(--soft); animation: blink 1.2s infinite; }
.typing i:nth-child(2) { animation-delay: .2s; } .typing i:nth-child(3) { animation-delay: .4s; }
@keyframes blink { 0%, 60%, 100% { opacity: .25; } 30% { opacity: 1; } }
@media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }

.chart { width: 100%; height: auto; font-size: 11px; }
.chart text { fill: var(--soft); } .chart line { stroke: var(--line); } .chart .area { opacity: .16; }
.chart rect { fill: var(--bad); }
.chart rect[data-outcome="refundable"] { fill: var(--good); }
.chart rect[data-outcome="needs_review"] { fill: var(--warn); }

.notice { margin: 0; text-align: center; font-size: 12px; color: var(--soft); }
.person .sender { display: block; font-size: 12px; color: var(--soft); margin-bottom: 2px; }
.bot .bubble[data-kind="agent"] { border-color: var(--accent-text); }
.desk { display: flex; align-items: center; gap: 10px; padding: 8px 12px 8px 14px; border-top: 1px solid var(--line); font-size: 12.5px; line-height: 1.5; }
.desk p { margin: 0; flex: 1; } .desk strong { display: block; font-size: 13px; } .desk span { color: var(--soft); }
.desk.lost strong::after { content: "（正在重新连接…）"; font-weight: 400; color: var(--warn); }
.desk .chip { flex: none; }
.votes { display: flex; align-items: center; gap: 4px; margin-top: -4px; font-size: 12px; color: var(--soft); }
.votes button { border: 0; background: none; border-radius: 8px; padding: 0; color: var(--soft); display: grid; place-items: center; min-width: 32px; min-height: 28px; }
.votes svg { width: 15px; height: 15px; }
.votes button:hover { background: var(--bot); box-shadow: 0 0 0 1px var(--line); }
.votes button[aria-pressed="true"] { color: var(--accent-text); background: var(--bot); box-shadow: 0 0 0 1px var(--accent-text); }
.reasons { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; font-size: 12px; color: var(--soft); }
.reasons span { width: 100%; }
.reasons .chip { padding: 2px 10px; font-size: 12px; }

form { display: flex; align-items: flex-end; gap: 8px; padding: 10px 12px 6px; border-top: 1px solid var(--line); margin: 0; }
textarea { flex: 1; resize: none; border: 1px solid var(--line); border-radius: 10px; padding: 8px 12px; background: var(--page); min-height: 40px; max-height: 120px; line-height: 1.5; }
textarea::placeholder { color: var(--soft); }
textarea:focus { outline: 1px solid var(--accent-text); outline-offset: 0; border-color: var(--accent-text); }
.send { width: 40px; height: 40px; flex: none; border: 0; border-radius: 10px; background: var(--accent); color: var(--on-accent); display: grid; place-items: center; }
.send:disabled { opacity: .4; }
.note { margin: 0; padding: 0 14px 9px; font-size: 11.5px; color: var(--soft); display: flex; justify-content: space-between; gap: 8px; }
.note .over { color: var(--error); font-weight: 600; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

@media (max-width: 560px) {
  :host { right: 16px; bottom: max(16px, env(safe-area-inset-bottom)); }
  .panel { position: fixed; inset: 0; width: auto; height: 100%; height: 100dvh; border: 0; border-radius: 0; }
  header { padding-top: max(12px, env(safe-area-inset-top)); }
  .note { padding-bottom: max(9px, env(safe-area-inset-bottom)); }
  textarea { font-size: 16px; }
}
`;

export const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
