// The message box: a combobox that offers commands in the reader's language.

const SHOWN = 8;
const ROOT = /^\/?(pmpath-mod|pmpath)(\s+|$)/i;

export class MessageBox {
  constructor(form, run) {
    this.form = form;
    this.input = form.querySelector("[role=combobox]");
    this.list = form.querySelector("[role=listbox]");
    this.run = run;
    this.commands = [];
    this.active = -1;
    this.input.addEventListener("input", () => this.offer());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.hide());
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.take(option);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
  }

  submit() {
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = "";
    this.hide();
    this.run(text);
  }

  offer(all = false) {
    const written = this.input.value.trimStart();
    const fitting = written || all ? fits(this.commands, written) : [];
    this.list.replaceChildren(...fitting.slice(0, written ? SHOWN : undefined).map(drawOption));
    this.list.hidden = fitting.length === 0;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.choose(-1);
  }

  hide() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.choose(-1);
  }

  choose(place) {
    this.active = place;
    Array.from(this.list.children).forEach((option, each) => {
      option.setAttribute("aria-selected", String(each === place));
    });
    const option = this.list.children[place];
    if (option && !this.list.hidden) {
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  take(option) {
    this.input.value = option.dataset.typed;
    if (option.dataset.more) {
      this.input.value += " ";
      this.offer();
    } else {
      this.submit();
    }
  }

  key(event) {
    if (event.isComposing) return;
    const many = this.list.children.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) this.offer(true);
      else this.choose((this.active + (event.key === "ArrowDown" ? 1 : -1 + (this.active < 0)) + many) % many);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.hide();
    } else if (event.key === "Enter" && this.active >= 0 && !this.list.hidden) {
      event.preventDefault();
      this.take(this.list.children[this.active]);
    }
  }
}

// The commands that fit what is written, best first; after a whole command its choices.
function fits(commands, written) {
  const root = written.match(ROOT);
  const typed = (root ? `/${root[1]} ${written.slice(root[0].length)}` : `/pmpath ${written.replace(/^\//, "")}`)
    .toLowerCase()
    .trimEnd();
  const asked = typed.replace(ROOT, "");
  const whole = commands.find((each) => typed === each.typed || typed.startsWith(`${each.typed} `));
  if (whole?.choices.length && (/\s$/.test(written) || typed !== whole.typed)) {
    return whole.choices.filter((each) => each.typed.startsWith(typed) || has(each.summary, typed.slice(whole.typed.length + 1)));
  }
  const ranked = commands.map((each) => [rank(each, typed, asked, root), each]);
  return ranked.filter(([place]) => place < 9).sort((one, other) => one[0] - other[0]).map(([, each]) => each);
}

function rank(command, typed, asked, root) {
  if (command.typed.startsWith(typed)) return 0;
  if (!root && command.typed.replace(ROOT, "").startsWith(asked)) return 1;
  if (asked && command.aliases.some((alias) => alias.toLowerCase().startsWith(asked))) return 2;
  const longEnough = asked.length > (/^[\x20-\x7e]*$/.test(asked) ? 3 : 1);
  return longEnough && has(command.summary, asked) ? 3 : 9;
}

function has(words, part) {
  return words.toLowerCase().includes(part);
}

function drawOption(command, place) {
  const option = document.createElement("li");
  option.id = `command-${place}`;
  option.setAttribute("role", "option");
  option.dataset.typed = command.typed;
  if (command.choices?.length) option.dataset.more = "yes";
  const typed = document.createElement("span");
  typed.className = "typed";
  typed.textContent = command.typed;
  const summary = document.createElement("span");
  summary.textContent = command.summary;
  option.append(typed, " ", summary);
  return option;
}
