// The connection: every request is sent until it is answered, over as many connections as that takes.

const BACK_OFF = [300, 700, 1500, 3000, 6000, 12000];
const SILENCE = 10_000; // without a sign for so long, a connection is taken for dead

function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Link {
  // `heard` takes what was not asked for; `changed` takes "connected" or "lost".
  constructor(person, { heard, changed }) {
    this.person = person;
    this.heard = heard;
    this.changed = changed;
    this.session = randomId();
    this.waiting = new Map();
    this.failures = 0;
    this.state = "new";
    this.language = navigator.languages.find((each) => /^(en|zh)\b/i.test(each)) ?? navigator.language;
    this.connect();
    setInterval(() => this.watch(), 1000);
    addEventListener("online", () => this.again(0));
  }

  ask(message) {
    const id = randomId();
    return new Promise((resolve) => {
      this.waiting.set(id, { message: { ...message, id }, resolve, sign: Date.now() });
      this.send(this.waiting.get(id).message);
    });
  }

  tellBack(key) {
    this.send({ kind: "seen", id: randomId(), words: key });
  }

  send(message) {
    if (this.socket?.readyState === WebSocket.OPEN && this.state === "connected") {
      this.socket.send(JSON.stringify({ ...message, person: this.person, language: this.language }));
    }
  }

  connect() {
    clearTimeout(this.timer);
    this.timer = undefined;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/chat?session=${this.session}`);
    this.socket = socket;
    socket.onopen = () => this.opened();
    socket.onmessage = (event) => this.take(JSON.parse(event.data));
    socket.onclose = () => socket === this.socket && this.closed();
  }

  opened() {
    this.failures = 0;
    this.state = "connected";
    this.send({ kind: "hello", id: randomId() });
    for (const each of this.waiting.values()) {
      each.sign = Date.now();
      this.send(each.message);
    }
    this.changed("connected");
  }

  closed() {
    if (this.state === "connected") {
      this.state = "lost";
      this.changed("lost");
    } else if (this.failures > 1) {
      this.lookWhetherShut();
    }
    const pause = BACK_OFF[Math.min(this.failures, BACK_OFF.length - 1)];
    this.failures += 1;
    this.again(pause * (0.75 + Math.random() / 2));
  }

  again(pause) {
    if (this.socket.readyState === WebSocket.CLOSED) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.connect(), pause);
    }
  }

  // A key that is no longer right shows only in a request; the page then shows the door.
  async lookWhetherShut() {
    const answer = await fetch("/", { cache: "no-store" }).catch(() => undefined);
    if (answer && [401, 403, 404].includes(answer.status)) location.reload();
  }

  watch() {
    const silent = Array.from(this.waiting.values()).some((each) => Date.now() - each.sign > SILENCE);
    if (silent && this.state === "connected") {
      const old = this.socket;
      this.socket = { readyState: WebSocket.CLOSED };
      old.close();
      this.closed();
    }
  }

  take(answer) {
    const asked = this.waiting.get(answer.id);
    if (answer.kind === "working") {
      if (asked) asked.sign = Date.now();
    } else if (asked) {
      this.waiting.delete(answer.id);
      asked.resolve(answer);
    } else if (answer.id === undefined) {
      this.heard(answer);
    }
  }
}
