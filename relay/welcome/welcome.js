// The first-run page. The code stands in the address's fragment, which browsers never send; it goes out in the body of one request only.
// All words come from welcome.html, and what comes from people or the relay becomes text, never markup.

/** A relay that takes longer is called away. */
const TIMEOUT_MS = 20_000;
/** How long a button says that something was copied. */
const COPIED_MS = 2_000;
/** What this tab keeps over a reload: what was typed, and then what was made. */
const KEPT = "ds-welcome";
const FIELDS = ["project_name", "email", "website"];
/** The fields as the relay calls them. */
const FIELD_OF = { project_name: "project_name", email: "email", origins: "website" };

const relay = document.body.dataset.relay;
const part = (id) => document.getElementById(id);
const word = (name) => part("words").content.querySelector(`[data-say="${name}"]`);
const code = () => location.hash.slice(1);

const kept = read();
let sending = false;

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

function keep(values) {
  Object.assign(kept, values);
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing shows the same page, but not after a reload.
  }
}

/** Shows what fits the address: after the project was made, its steps also once the address has lost the code. */
function begin() {
  if (location.origin !== relay) showElsewhere();
  else if (kept.made && (!code() || code() === kept.made.code)) showMade();
  else show(code() ? "form" : "without");
}

function show(view) {
  for (const name of ["form", "without", "elsewhere", "made"]) part(`${name}-view`).hidden = name !== view;
}

/** Puts values into the places that name them. */
function fill(view, values) {
  for (const place of view.querySelectorAll("[data-fill]")) place.textContent = values[place.dataset.fill];
  for (const place of view.querySelectorAll("[data-if]")) place.hidden = !values[place.dataset.if];
  for (const place of view.querySelectorAll("[data-unless]")) place.hidden = Boolean(values[place.dataset.unless]);
}

function showElsewhere() {
  const wanted = isSecureContext ? location.origin : `https://${location.hostname}`;
  fill(part("elsewhere-view"), { relay, wanted, here: location.origin, secure: isSecureContext });
  part("elsewhere-link").href = `${relay}/welcome${location.hash}`;
  show("elsewhere");
}

function showMade() {
  const { made } = kept;
  const script = `<script async src="${relay}/widget/${made.channel_key}.js"></script>`;
  fill(part("made-view"), {
    relay,
    script,
    name: made.project_name,
    email: made.email,
    website: made.website,
    project: made.project_id,
    invitation: made.invitation_code,
  });
  part("demo").href = `/demo/${made.channel_key}`;
  document.title = word("made-page").textContent;
  show("made");
}

/** Says what is wrong with a field, or that nothing is. */
function mark(name, wrong) {
  part(`${name}-wrong`).textContent = wrong ? word(wrong).textContent : "";
  if (wrong) part(name).setAttribute("aria-invalid", "true");
  else part(name).removeAttribute("aria-invalid");
}

function fault(name) {
  const said = name && (word(name) ?? word("unknown")).cloneNode(true);
  part("fault").replaceChildren(...(said ? [said] : []));
}

function setSending(now) {
  sending = now;
  part("create").textContent = word(now ? "creating" : "create").textContent;
  part("create").setAttribute("aria-disabled", String(now));
}

/** The origin of what was typed, whatever page of the site it names. Without a scheme the relay chooses one. */
function origin(typed) {
  try {
    const hasScheme = typed.includes("://");
    const url = new URL(hasScheme ? typed : `https://${typed}`);
    return hasScheme ? url.origin : url.host;
  } catch {
    return typed;
  }
}

async function send(event) {
  event.preventDefault();
  if (sending) return;
  fault(null);
  const typed = Object.fromEntries(FIELDS.map((name) => [name, part(name).value.trim()]));
  const empty = FIELDS.filter((name) => part(name).required && !typed[name]);
  for (const name of FIELDS) mark(name, empty.includes(name) && `${name}-empty`);
  if (empty.length) return part(empty[0]).focus();
  const used = code();
  const website = typed.website && origin(typed.website);
  const body = { code: used, project_name: typed.project_name, email: typed.email, origins: website ? [website] : [] };
  setSending(true);
  try {
    const answer = await fetch("/v1/welcome", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const said = await answer.json().catch(() => ({}));
    if (answer.ok) finish({ ...said, ...typed, website, code: used });
    else refuse(answer.status, said.error ?? {});
  } catch {
    fault("unreachable");
  } finally {
    setSending(false);
  }
}

function finish(made) {
  keep({ made, typed: undefined });
  // The code is used: it need not stand in the address and in the browser's history.
  history.replaceState(null, "", location.pathname);
  showMade();
  scrollTo(0, 0);
  part("made-title").focus({ preventScroll: true });
}

function refuse(status, error) {
  const field = error.code === "invalid_value" && FIELD_OF[error.details?.field];
  if (field) {
    mark(field, field);
    part(field).focus();
  } else {
    fault(status >= 500 ? "unavailable" : (error.code ?? "unknown"));
  }
}

/** Copies what stands beside a button, or, where the browser does not let it, marks it for the keyboard. */
async function copy(button) {
  const value = document.querySelector(`[data-copied="${button.dataset.copy}"]`);
  let done = "copied";
  try {
    await navigator.clipboard.writeText(value.textContent);
  } catch {
    getSelection().selectAllChildren(value);
    done = "marked";
  }
  const label = button.querySelector("[data-words]");
  label.textContent = part("told").textContent = word(done).textContent;
  clearTimeout(button.timer);
  button.timer = setTimeout(() => {
    label.textContent = word("copy").textContent;
    part("told").textContent = "";
  }, COPIED_MS);
}

for (const name of FIELDS) {
  part(name).value = kept.typed?.[name] ?? "";
  part(name).addEventListener("input", () => {
    mark(name, null);
    keep({ typed: Object.fromEntries(FIELDS.map((field) => [field, part(field).value])) });
  });
}
part("form").addEventListener("submit", send);
for (const button of document.querySelectorAll("[data-copy]")) button.addEventListener("click", () => copy(button));
// A link that is opened in the same tab changes the fragment only.
addEventListener("hashchange", () => {
  fault(null);
  begin();
});
begin();
