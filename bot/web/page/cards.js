// What is chosen and written in cards and forms, and how keys move inside them.

export function element(html) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  return template.content.firstElementChild;
}

// What the selects of a card hold, by their names.
export function chosen(card) {
  const values = {};
  for (const select of card.querySelectorAll("[data-select]")) {
    if (select.dataset.chooses) continue;
    values[select.dataset.select] =
      select.tagName === "SELECT"
        ? [select.value].filter(Boolean)
        : Array.from(select.querySelectorAll("input:checked"), (input) => input.value);
  }
  return values;
}

// No more ticks than a select allows.
export function limitTicks(fieldset) {
  const inputs = Array.from(fieldset.querySelectorAll("input[type=checkbox]"));
  const full = inputs.filter((input) => input.checked).length >= Number(fieldset.dataset.most);
  for (const input of inputs) input.disabled = full && !input.checked;
}

export function moveAmongTabs(event) {
  const tabs = Array.from(event.target.closest("[role=tablist]").querySelectorAll("[role=tab]"));
  const here = tabs.indexOf(event.target);
  const places = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: tabs.length - 1 };
  const place = places[event.key];
  if (place === undefined) return;
  event.preventDefault();
  tabs[(place + tabs.length) % tabs.length].focus();
}

// Opens a form. `send` takes the values and gives the answer, of which `fields` are sentences for wrong fields.
export function openDialog(html, send, done) {
  const dialog = element(html);
  const form = dialog.querySelector("form");
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.getAttribute("aria-busy") === "true") return;
    const empty = missing(form);
    if (Object.keys(empty).length) return showWrong(form, empty);
    form.setAttribute("aria-busy", "true");
    const answer = await send(form.dataset.press, written(form));
    form.removeAttribute("aria-busy");
    if (answer.fields) return showWrong(form, answer.fields);
    dialog.close();
    done(answer);
  });
  dialog.showModal();
  form.querySelector("input, textarea, select").focus();
}

function inputs(form) {
  return Array.from(form.querySelectorAll("input[name], textarea[name], select[name]"));
}

function written(form) {
  return Object.fromEntries(inputs(form).map((input) => [input.name, input.value ? [input.value] : []]));
}

function missing(form) {
  const empty = inputs(form).filter((input) => input.getAttribute("aria-required") && !input.value.trim());
  return Object.fromEntries(empty.map((input) => [input.name, form.dataset.fillIn]));
}

function showWrong(form, fields) {
  const all = inputs(form);
  for (const input of all) {
    const sentence = fields[input.name] ?? "";
    input.toggleAttribute("aria-invalid", Boolean(sentence));
    if (sentence) input.setAttribute("aria-invalid", "true");
    document.getElementById(`${input.id}-error`).textContent = sentence;
  }
  const summary = form.querySelector("[role=alert]");
  summary.hidden = false;
  summary.textContent = form.dataset.correct;
  all.find((input) => input.getAttribute("aria-invalid"))?.focus();
}
