// The parts of the widget that are always there: the launcher, and the panel with its regions.

import { ICONS } from "./icons.js";
import { element, icon } from "./message.js";

export function frame() {
  const launcher = element(
    "button",
    { type: "button", class: "launcher", "aria-haspopup": "dialog", "aria-expanded": "false" },
    icon(ICONS.chat),
    "退款助手",
  );
  const anew = element("button", { type: "button", title: "新对话", "aria-label": "新对话" }, icon(ICONS.anew));
  const close = element("button", { type: "button", title: "收起", "aria-label": "收起" }, icon(ICONS.close));
  const who = element("p", {}, "正在连接…");
  const title = element("div", { class: "title" }, element("h2", { id: "title" }, "退款助手"), who);
  const head = element("header", {}, element("span", { class: "face" }, icon(ICONS.chat)), title, anew, close);
  const log = element("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": "对话", tabindex: "0" });
  const input = element("textarea", {
    rows: "1",
    placeholder: "写下您的问题，或发订单号",
    "aria-label": "您的问题",
    enterkeyhint: "send",
  });
  const send = element("button", { type: "submit", class: "send", "aria-label": "发送", disabled: true }, icon(ICONS.send));
  const form = element("form", {}, input, send);
  const count = element("span", { "aria-live": "polite" });
  const note = element("p", { class: "note" }, element("span", {}, "按公布的退订规则计算，以退订页面显示为准"), count);
  const desk = element("div", { class: "desk", hidden: true });
  const panel = element("section", { class: "panel", role: "dialog", "aria-labelledby": "title", hidden: true }, head, log, desk, form, note);
  return { launcher, panel, log, desk, input, send, form, anew, close, who, count };
}
