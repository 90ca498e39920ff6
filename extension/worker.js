// The service worker. Chrome may stop it at any time, so every listener is registered at top level and nothing is kept here
// that cannot be asked again: it starts and ends the hub, shows the badge, and passes on what only it hears of.

const HUB = "extension/hub.html";
const HUB_START_MS = 10_000;
const PANEL = "extension/panel.html";
const ICON = "extension/icons/128.png";
const POP_OUT = { width: 960, height: 720 };
const BADGE_COLOUR = "#c5221f";

/** The hub that is being started, and what to call when it listens. */
let starting = null;
let hubListens = () => {};

// Tokens are kept here: pages that are not the extension's own must not read them.
chrome.storage.local.setAccessLevel({ accessLevel: "TRUSTED_CONTEXTS" });

chrome.runtime.onInstalled.addListener(joinOpenPages);
chrome.action.onClicked.addListener(() => chrome.runtime.openOptionsPage());
chrome.notifications.onClicked.addListener((id) => tellHub({ kind: "notification_clicked", id }));
chrome.notifications.onClosed.addListener(async (id, byUser) => {
  if (byUser && (await hubRuns())) tellHub({ kind: "notification_closed", id });
});
chrome.commands.onCommand.addListener((command, tab) => {
  if (command === "toggle-panel" && tab?.id !== undefined) tellPage(tab.id, { to: "page", kind: "toggle" });
});
chrome.storage.onChanged.addListener(async (changes, area) => {
  if (area === "local" && changes.accounts && (await hubRuns())) {
    const accounts = changes.accounts.newValue ?? {};
    const told = chrome.runtime.sendMessage({ to: "hub", kind: "accounts_changed", accounts });
    await told.catch(() => {}); // A hub that does not listen yet asks for the accounts when it starts.
  }
});
chrome.runtime.onMessage.addListener((message, sender, answer) => {
  if (message?.to !== "worker" || sender.id !== chrome.runtime.id) return false;
  const task = TASKS[message.kind];
  const ours = sender.origin === `chrome-extension://${chrome.runtime.id}`;
  if (!task || (!ours && !task.forPages)) return false;
  task.run(message, sender).then(answer, (error) => {
    console.error(`Deskside: ${message.kind} failed`, error);
    answer(null);
  });
  return true;
});

/** What may be asked of the worker; only what is `forPages` by a content script. */
const TASKS = {
  ensure_hub: {
    forPages: true,
    run: async (_message, sender) => {
      if (sender.tab?.id !== undefined) await keepLoaded(sender.tab.id);
      await ensureHub();
      return { listens: true };
    },
  },
  hub_ready: {
    run: async () => {
      hubListens();
      return null;
    },
  },
  accounts: { run: async () => (await chrome.storage.local.get("accounts")).accounts ?? {} },
  badge: {
    run: async ({ text }) => {
      await chrome.action.setBadgeBackgroundColor({ color: BADGE_COLOUR });
      await chrome.action.setBadgeText({ text: String(text) });
      return null;
    },
  },
  open_options: { run: async () => chrome.runtime.openOptionsPage() },
  notify: {
    run: async ({ id, title, text, context }) => {
      // The hub plays the sound, once for all.
      const words = { title, message: text, contextMessage: context };
      await chrome.notifications.create(id, { type: "basic", iconUrl: chrome.runtime.getURL(ICON), silent: true, ...words });
      return null;
    },
  },
  clear_notification: { run: async ({ id }) => chrome.notifications.clear(id) },
  show_tab: {
    run: async ({ tab_id: id }) => {
      const tab = await chrome.tabs.update(id, { active: true });
      await chrome.windows.update(tab.windowId, { focused: true });
      return null;
    },
  },
  open_gmail: {
    run: async ({ address }) => {
      await chrome.tabs.create({ url: `https://mail.google.com/mail/u/?authuser=${encodeURIComponent(address)}` });
      return null;
    },
  },
  pop_out: { run: popOut },
  close_hub: {
    run: async () => {
      if (await hubRuns()) await chrome.offscreen.closeDocument();
      return null;
    },
  },
};

/** Opens an account's panel in a window of its own, or brings the one that stands to the front. */
async function popOut({ account, conversation_id: conversation }) {
  const own = `chrome-extension://${chrome.runtime.id}/${PANEL}#account=${encodeURIComponent(account)}`;
  const tabs = await chrome.runtime.getContexts({ contextTypes: ["TAB"] });
  const standing = tabs.find(({ documentUrl, frameId }) => frameId === 0 && `${documentUrl}&`.startsWith(`${own}&`));
  if (standing) {
    await chrome.windows.update(standing.windowId, { focused: true });
    return null;
  }
  const url = conversation ? `${own}&conversation=${encodeURIComponent(conversation)}` : own;
  await chrome.windows.create({ url, type: "popup", ...POP_OUT });
  return null;
}

/** Tells the hub, which is started if it does not run: a notification may outlive it. */
async function tellHub(message) {
  await ensureHub();
  await chrome.runtime.sendMessage({ to: "hub", ...message }).catch(() => {}); // It has no answer to give.
}

async function hubRuns() {
  const documents = await chrome.runtime.getContexts({ contextTypes: ["OFFSCREEN_DOCUMENT"] });
  return documents.length > 0;
}

/** Starts the hub unless it runs, and returns when it listens. Many pages may ask at once; only one document may exist. */
function ensureHub() {
  starting ??= startHub().finally(() => {
    starting = null;
  });
  return starting;
}

async function startHub() {
  if (await hubRuns()) return;
  const listens = new Promise((resolve) => {
    hubListens = () => resolve(true);
    setTimeout(resolve, HUB_START_MS, false);
  });
  await chrome.offscreen.createDocument({
    url: HUB,
    reasons: ["AUDIO_PLAYBACK", "WORKERS"],
    justification: "Holds the one connection to the help desk's relay for all Gmail tabs and plays the sound of a new message.",
  });
  if (await listens) return;
  await chrome.offscreen.closeDocument();
  throw new Error("the hub did not start");
}

/** Memory Saver must not unload a Gmail page that an agent is Online with. The tab may be gone already. */
async function keepLoaded(tabId) {
  await chrome.tabs.update(tabId, { autoDiscardable: false }).catch(() => {});
}

/** A page without a listener (not Gmail, or not loaded yet) has nothing to toggle. */
function tellPage(tabId, message) {
  chrome.tabs.sendMessage(tabId, message).catch(() => {});
}

/** After installing or updating, Chrome gives content scripts only to pages loaded later; pages that stand open get them here. */
async function joinOpenPages() {
  const [{ matches, js }] = chrome.runtime.getManifest().content_scripts;
  for (const tab of await chrome.tabs.query({ url: matches })) {
    if (tab.id === undefined || tab.discarded) continue;
    const injected = chrome.scripting.executeScript({ target: { tabId: tab.id }, files: js });
    await injected.catch((error) => console.warn("Deskside: a Gmail page could not be joined", error.message));
  }
}
