// Where things stand in Gmail's page: selectors by place, the best first. Data and nothing else: what follows the equals sign is plain
// JSON, which the relay carries too, so that it can hand a newer set to extensions that are not renewed yet. The anchors are those of
// InboxSDK 2.2.18 (July 2026); roles and attributes come before class names. `gmail.js` says what each place is for.
(globalThis.deskside ??= {}).PLACES = {
  "version": 20261129,
  "places": {
    "header": ["header[role=banner]", "[role=banner]", "header"],
    "account": [
      "header[role=banner] a[href^=\"https://myaccount.google.\"]",
      "a[href^=\"https://accounts.google.com/SignOutOptions\"]",
      "[role=banner] a[aria-label*=\"@\"]"
    ],
    "contentColumn": [".no > .nn.bkK", "[role=main]", "main"],
    "content": ["div.nH.bkK > .nH", "[role=main]", "main"],
    "navigationText": [".aeN .aio", ".aio", "[role=navigation] a", "nav a"],
    "navigationItem": [".aeN .aim", ".aim"],
    "composeStrip": ["div.dw"],
    "composeRow": ["div.dw .nH > .nH > .no"],
    "composeWindow": ["div.dw .nH > .nH > .no > .nn.nH"],
    "dialog": ["[role=dialog]"],
    "rail": [".brC-aT5-aOt-Jw", "[role=complementary][aria-label=\"Side panel\"]"]
  }
};
