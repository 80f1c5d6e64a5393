// Follows a conversation that a person has, or that is owed an answer: server-sent events, read with fetch so that the
// token travels in a header. Comes back by itself after a break and misses nothing.

const FIRST_PAUSE = 1000; // ms before the first new try
const LONGEST_PAUSE = 20_000;

// Events of a stream as {event, id, data}; comments (the keep-alive) are skipped.
export async function* readEvents(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      text = (text + value).replaceAll("\r\n", "\n");
      let end;
      while ((end = text.indexOf("\n\n")) >= 0) {
        const found = {};
        for (const line of text.slice(0, end).split("\n")) {
          const colon = line.indexOf(":");
          if (colon > 0) found[line.slice(0, colon)] = line.slice(colon + 1).trimStart();
        }
        text = text.slice(end + 2);
        if (found.event) yield { ...found, data: JSON.parse(found.data) };
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

export class Live {
  #client;
  #on;
  #running = null;
  last = 0; // the newest line the page shows

  // `on` has line(data), state(data), late(data), waiting(ids), end() and link(connected).
  constructor(client, on) {
    this.#client = client;
    this.#on = on;
  }

  start() {
    if (this.#running) return;
    this.#running = new AbortController();
    this.#run(this.#running.signal);
  }

  stop() {
    this.#running?.abort();
    this.#running = null;
  }

  async #run(signal) {
    let pause = FIRST_PAUSE;
    while (!signal.aborted) {
      try {
        const body = await this.#client.openLive(this.last, signal);
        this.#on.link(true);
        for await (const { event, data } of readEvents(body)) {
          if (signal.aborted) return;
          pause = FIRST_PAUSE;
          if (event === "line" && data.id > this.last) {
            this.last = data.id;
            this.#on.line(data);
          } else if (event === "state") {
            this.#on.state(data);
          } else if (event === "late") {
            this.#on.late(data);
          } else if (event === "waiting") {
            this.#on.waiting(data.message_ids);
          } else if (event === "end") {
            this.stop();
            this.#on.end();
            return;
          }
        }
      } catch {
        if (signal.aborted) return;
        this.#on.link(false);
      }
      // A stream also ends on its own now and then; then the pause is not noticed.
      await new Promise((resolve) => setTimeout(resolve, pause));
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
  }
}
