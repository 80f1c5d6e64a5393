// 👍 and 👎 under an answer, and the reason for a 👎 when the customer wants to give one.

import { ICONS } from "./icons.js";
import { element, icon } from "./message.js";

const VOTES = [
  { value: "up", label: "有帮助", face: ICONS.up },
  { value: "down", label: "没帮助", face: ICONS.down },
];
const REASONS = ["没听懂我的意思", "金额看不明白", "和页面上不一样", "没解决问题"];
// What is an answer, and what only a step on the way to one.
const ANSWERS = new Set(["answer", "disagreement", "list"]);

export function deservesVote(replies) {
  return replies.some((each) => ANSWERS.has(each.kind));
}

// A row of two buttons; `send` posts {value, reason} and may fail with a Chinese sentence.
export function votes(chosen, send) {
  const row = element("div", { class: "votes", role: "group", "aria-label": "这个回答有帮助吗" });
  const note = element("span", { class: "voted", role: "status" });
  const buttons = VOTES.map(({ value, label, face }) => {
    const button = element("button", { type: "button", "aria-label": label, title: label }, icon(face));
    button.addEventListener("click", () => vote(value));
    return { value, button };
  });
  let reasons = null;

  function mark(value) {
    for (const each of buttons) each.button.setAttribute("aria-pressed", String(each.value === value));
  }

  async function vote(value, reason) {
    mark(value);
    note.textContent = "";
    try {
      await send({ value, ...(reason && { reason }) });
      note.textContent = value === "up" || reason ? "谢谢，已记下" : "";
    } catch (error) {
      mark(chosen);
      note.textContent = error.message;
      return;
    }
    chosen = value;
    reasons?.remove();
    reasons = null;
    if (value === "down" && !reason) askWhy();
  }

  function askWhy() {
    reasons = element("div", { class: "reasons" }, element("span", {}, "哪里不好？可以不选"));
    for (const reason of REASONS) {
      const chip = element("button", { type: "button", class: "chip" }, reason);
      chip.addEventListener("click", () => vote("down", reason));
      reasons.append(chip);
    }
    row.after(reasons);
    reasons.scrollIntoView({ block: "nearest" });
  }

  mark(chosen);
  row.append(...buttons.map((each) => each.button), note);
  return row;
}
