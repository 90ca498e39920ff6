// Gmail's other windows: one compose window or one conversation that was popped out, and what a conversation is printed from.
const BODY_LATE_MS = 300;

/** The body gets its classes late, as Gmail's do. */
function drawWindow() {
  const [mail] = MAILS;
  if (setup.window === "compose") {
    document.title = "Compose Mail";
    document.body.append(makeMole());
    setTimeout(() => (document.body.className = classes("xE xp")), BODY_LATE_MS);
  } else {
    document.title = `${mail.subject} - ${setup.address} - Mail`;
    document.body.append(h("div", { class: "nH" }, threadView(mail)));
    setTimeout(() => (document.body.className = classes("aAU xE Su")), BODY_LATE_MS);
  }
}

/** A plain page without a class anywhere; it tells nothing of itself but its address. */
function drawPrint() {
  const [mail] = MAILS;
  document.title = `Mail - ${mail.subject}`;
  document.body.append(h("b", {}, mail.subject), h("hr"), h("p", {}, mail.from), h("p", {}, mail.text));
}
