// Turns replies into elements. Text reaches the page as text nodes only, never as markup.
import { chart } from "./chart.js";

export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children);
  return node;
}

export function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}

// An http(s) address, or null for anything else (javascript:, data:, nonsense).
export function safeUrl(address) {
  try {
    const url = new URL(address, location.href);
    return url.protocol === "https:" || url.protocol === "http:" ? url : null;
  } catch {
    return null;
  }
}

function link(url, text, attributes = {}) {
  const outside = url.origin !== location.origin;
  return element(
    "a",
    {
      href: url.href,
      target: outside ? "_blank" : undefined,
      rel: outside ? "noopener noreferrer" : undefined,
      ...attributes,
    },
    text,
  );
}

const INLINE = /\*\*(.+?)\*\*|(https?:\/\/[^\s<>"'）)】」，。；、]+)/g;

// A line of text with **bold** and addresses.
function inline(text) {
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > from) parts.push(text.slice(from, match.index));
    const url = match[2] && safeUrl(match[2]);
    if (match[1]) parts.push(element("strong", {}, match[1]));
    else parts.push(url ? link(url, match[2]) : match[2]);
    from = match.index + match[0].length;
  }
  parts.push(text.slice(from));
  return parts;
}

const ITEM = /^\s*(?:(\d{1,2})[.、]\s*|[·•-]\s+)(.+)$/;

function body(lines) {
  const blocks = [];
  let list = null;
  for (const line of lines) {
    const item = ITEM.exec(line);
    const tag = item?.[1] ? "ol" : "ul";
    if (!item) {
      list = null;
      if (line.trim()) {
        const quiet = /^(依据|规则|来源|说明)[:：]/.test(line);
        blocks.push(element("p", { class: quiet && "quiet" }, ...inline(line)));
      }
      continue;
    }
    if (list?.localName !== tag) {
      list = element(tag, { start: item[1] && item[1] !== "1" ? item[1] : undefined });
      blocks.push(list);
    }
    list.append(element("li", {}, ...inline(item[2])));
  }
  return blocks;
}

function buttons(items, onButton) {
  const row = element("div", { class: "buttons" });
  for (const item of items) {
    if (item.url) {
      const url = safeUrl(item.url);
      if (url) row.append(link(url, item.title, { class: "chip link" }));
      continue;
    }
    const chip = element("button", { type: "button", class: "chip" }, item.title);
    if (item.token) {
      chip.addEventListener("click", () => {
        chip.disabled = true; // a button works once
        onButton(item);
      });
    } else {
      chip.disabled = true;
      chip.title = "这个按钮已经用过或已失效";
    }
    row.append(chip);
  }
  return row.childElementCount ? [row] : [];
}

// One reply of the bot. `onButton` gets a tapped quick reply; `quoting`: its first line says what
// it answers.
export function reply(data, onButton, quoting = false) {
  const lines = data.text.split("\n");
  const quoted = quoting && lines.length > 1 ? lines.shift() : null;
  // Where sources disagree the official answer must not look like the last word.
  const outcome = data.kind === "disagreement" ? "needs_review" : data.decision?.outcome;
  const plain = data.kind === "notice" || data.kind === "outage";
  const headed = !plain && (outcome || lines.length > 1);
  const bubble = element("div", { class: "bubble", "data-kind": data.kind, "data-outcome": outcome });
  if (quoted) bubble.append(element("p", { class: "quiet" }, ...inline(quoted)));
  if (headed) bubble.append(element("p", { class: "headline" }, ...inline(lines.shift())));
  const picture = data.chart && chart(data.chart);
  if (picture) bubble.append(picture);
  bubble.append(...body(lines));
  return element("div", { class: "bot" }, bubble, ...buttons(data.buttons, onButton));
}

// What a person said, or a notice of the desk.
export function personLine(data) {
  if (data.role === "notice") return element("p", { class: "notice" }, data.text);
  const name = element("span", { class: "sender" }, data.sender);
  const bubble = element("div", { class: "bubble", "data-kind": "agent" }, ...body(data.text.split("\n")));
  return element("div", { class: "bot person" }, name, bubble);
}
