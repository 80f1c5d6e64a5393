// The desk: follows queue and conversation live, sends replies, takes and ends tickets.
const { csrf, ticket } = document.body.dataset;
const part = (id) => document.getElementById(id);
const lines = part("lines");
const form = part("reply");
const box = part("text");
const base = `/desk/tickets/${ticket}`;
let last = Number(document.body.dataset.last);
let sending = null; // the reply under way: sent again after a failure it keeps its key

function say(text) {
  const error = part("error");
  if (error) error.textContent = text;
}

async function ask(path, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method: body === undefined ? "GET" : "POST",
      headers: { "X-CSRF-Token": csrf, "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Error("网络连不上，请再试一次。");
  }
  if (answer.status === 401) location.assign("/desk");
  if (answer.ok) return answer;
  const reason = await answer.json().catch(() => ({}));
  throw new Error(reason.message ?? "没有成功，请再试一次。");
}

function toEnd() {
  lines?.scrollTo({ top: lines.scrollHeight });
}

function setForm() {
  const head = part("head")?.firstElementChild;
  if (!form || !head) return;
  const mine = head.dataset.mine === "yes";
  form.hidden = head.dataset.status === "closed";
  box.disabled = form.querySelector("button").disabled = !mine;
  box.placeholder = mine ? "回复客户，Enter 发送，Shift+Enter 换行" : "接入后可以回复";
}

async function refresh() {
  const asked = [ask(`/desk/list?open=${ticket}`).then((answer) => answer.text())];
  if (ticket) asked.push(ask(`${base}/head`).then((answer) => answer.text()));
  try {
    const [queue, head] = await Promise.all(asked);
    // Both come from our own templates, which escape everything.
    part("queue").innerHTML = queue;
    if (head) part("head").innerHTML = head;
    setForm();
  } catch (error) {
    say(error.message);
  }
}

function follow() {
  const link = part("link");
  const source = new EventSource(`/desk/stream?ticket=${ticket}&after=${last}`);
  source.addEventListener("open", () => {
    link.textContent = "已连接";
    link.className = "link";
  });
  source.addEventListener("line", (event) => {
    const id = Number(event.lastEventId);
    if (id <= last || !lines) return;
    last = id;
    const near = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 80;
    lines.insertAdjacentHTML("beforeend", JSON.parse(event.data).html);
    if (near) toEnd();
  });
  source.addEventListener("queue", refresh);
  source.addEventListener("error", () => {
    link.textContent = "正在重新连接…";
    link.className = "link lost";
    if (source.readyState !== EventSource.CLOSED) return; // it reconnects by itself
    source.close();
    setTimeout(follow, 3000);
  });
}

part("head")?.addEventListener("click", async (event) => {
  const step = event.target.dataset?.step;
  if (!step) return;
  event.target.disabled = true;
  say("");
  try {
    await ask(`${base}/${step}`, {});
  } catch (error) {
    say(error.message);
  }
  await refresh();
  if (step === "take") box.focus();
});

box?.addEventListener("keydown", (event) => {
  // Enter that picks a word of an input method is not a send.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  form.requestSubmit();
});

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = box.value.trim();
  if (!text || form.dataset.busy) return;
  if (sending?.text !== text) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    sending = { text, key: [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("") };
  }
  form.dataset.busy = "1";
  say("");
  try {
    await ask(`${base}/reply`, sending);
    sending = null;
    box.value = "";
    toEnd();
  } catch (error) {
    say(error.message);
  }
  delete form.dataset.busy;
  box.focus();
});

setForm();
toEnd();
follow();
setInterval(refresh, 30_000); // waiting times grow without any event
