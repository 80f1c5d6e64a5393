// Answers that were promised while something was down. They may come long after the question,
// so each stands where the talk was when it came, under a line that says what it answers.

import { element, reply } from "./message.js";

export class Late {
  #turns = new Map(); // every turn on the page, by message id
  #owed = new Map(); // those whose answers are still to come
  #shown = new Set();
  #on;

  // `on` has fetch(turn): the gateway's answer once more; press(button); shown(block, turn, replies).
  constructor(on) {
    this.#on = on;
  }

  know(turn) {
    this.#turns.set(turn.message.messageId, turn);
  }

  forget() {
    this.#turns.clear();
    this.#owed.clear();
    this.#shown.clear();
  }

  get waits() {
    return this.#owed.size > 0;
  }

  wait(turn) {
    this.#owed.set(turn.message.messageId, turn);
  }

  // The stream brought all replies to a message.
  came({ message_id: id, replies }) {
    const turn = this.#owed.get(id);
    if (!turn) return;
    this.#owed.delete(id);
    this.show(turn, replies);
  }

  // The answers still owed; what this page waits for besides was answered before it looked.
  async settle(ids) {
    for (const [id, turn] of this.#owed) {
      if (ids.includes(id)) continue;
      const answer = await this.#on.fetch(turn).catch(() => null);
      if (!answer || answer.outcome === "waiting") continue; // once more when the stream is back
      this.came({ message_id: id, replies: answer.replies });
    }
  }

  // Puts the late ones of a message's replies where they belong.
  show(turn, replies) {
    const late = replies.filter((each) => each.late);
    const id = turn.message.messageId;
    if (late.length === 0 || this.#shown.has(id)) return;
    this.#shown.add(id);
    const place = this.#turns.get(late[0].late.after) ?? turn;
    const block = element("div", { class: "replies late" });
    block.append(...late.map((each, n) => reply(each, this.#on.press, n === 0)));
    place.mine.parentElement.append(block);
    this.#on.shown(block, turn, late);
  }
}
