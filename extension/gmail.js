// What the product knows of Gmail's page. Every selector stands in `places.js` or in a newer set from the relay, is looked up by `find`,
// and each may fail: a place that is not there is reported once, by tag names only, and the caller falls back.
(() => {
  "use strict";
  const deskside = (globalThis.deskside ??= {});

  /** What comes and goes, so that its absence is not reported. */
  const OPTIONAL = new Set(["composeRow", "composeStrip", "composeWindow", "navigationItem", "rail"]);
  const SELECTOR_MOST = 300;

  let { version, places } = deskside.PLACES;

  /** Takes a newer set: its selectors come before our own, of each place that we know. What cannot be a selector is left out. */
  function usePlaces(set) {
    if (!(set.version > version)) return;
    version = set.version;
    const own = deskside.PLACES.places;
    const newer = (place) => (Array.isArray(set.places?.[place]) ? set.places[place].filter(isSelector) : []);
    places = Object.fromEntries(Object.keys(own).map((place) => [place, [...newer(place), ...own[place]]]));
    missed.clear();
  }

  function isSelector(text) {
    if (typeof text !== "string" || text.length > SELECTOR_MOST) return false;
    try {
      document.createDocumentFragment().querySelector(text);
      return true;
    } catch {
      console.info(`Deskside: ${JSON.stringify(text)} is no selector`);
      return false;
    }
  }

  /** The page's places where nothing of ours may appear: single windows, print views, the basic and the mobile page. */
  const OTHER_VIEWS = new Set(["pt", "om", "att"]);
  const HEADER_PX = 64;
  const COMPACT_PX = 28;
  const NAVIGATION_PX = 256;
  const NARROW_PX = 900;
  const LEAST_WIDTH_PX = 320;
  const LEAST_HEIGHT_PX = 200;
  const FOOT_PX = 16;

  const missed = new Set();

  /** The first element of a place that `fits`, or null. */
  function find(place, fits = () => true) {
    for (const selector of places[place]) {
      for (const element of document.querySelectorAll(selector)) {
        if (fits(element)) return element;
      }
    }
    if (!OPTIONAL.has(place) && !missed.has(place)) {
      missed.add(place);
      console.info(`Deskside: no "${place}" in ${outline(document.body, 2)}`);
    }
    return null;
  }

  /** An element and its children by tag names, without any text: `body(div*3,iframe)`. */
  function outline(element, depth) {
    if (!element) return "nothing";
    const name = element.localName;
    if (depth === 0 || element.childElementCount === 0) return name;
    const runs = [];
    for (const child of element.children) {
      const text = outline(child, depth - 1);
      const last = runs.at(-1);
      if (last?.text === text) last.n += 1;
      else runs.push({ text, n: 1 });
    }
    return `${name}(${runs.map(({ text, n }) => (n > 1 ? `${text}*${n}` : text)).join(",")})`.slice(0, 400);
  }

  /** Whether this is a Gmail page with room for the product. */
  function isMailPage() {
    const query = new URLSearchParams(location.search);
    const body = document.body;
    return (
      document.contentType === "text/html" &&
      body !== null &&
      !location.pathname.startsWith("/mail/mu/") &&
      !OTHER_VIEWS.has(query.get("view")) &&
      query.get("ui") !== "html" &&
      !body.matches(".xE.xp, .aAU.xE.Su")
    );
  }

  /** Whether Gmail has begun to draw: its body has got its first class. */
  const isSettled = () => document.body.classList.length > 0;

  const ADDRESS = /[^\s@(),:;<>"]+@[^\s@(),:;<>"]+\.[^\s@(),:;<>".]+/;

  /** The address of the account that the page shows, from the header's account link, else from the title; or null. */
  function address() {
    const link = find("account", (element) => ADDRESS.test(labelOf(element)));
    const found = link ? labelOf(link).match(ADDRESS) : titleAddress();
    return found ? found[0].toLowerCase() : null;
  }

  const labelOf = (element) => `${element.getAttribute("aria-label") ?? ""} ${element.title ?? ""}`;

  // "Inbox (3) - ann@example.com - Gmail"; a subject may hold an address too, so the last one counts.
  const titleAddress = () => document.title.split(/\s[-–—]\s/).reverse().map((part) => part.trim().match(ADDRESS)).find(
    (match) => match !== null && match[0] === match.input,
  );

  /** Whether text runs right to left. */
  const isRightToLeft = () => getComputedStyle(document.body).direction === "rtl";

  const isRoomy = (element) => {
    const { width, height } = element.getBoundingClientRect();
    return width >= LEAST_WIDTH_PX && height >= LEAST_HEIGHT_PX;
  };

  const isShown = ({ width, height }) => width > 0 && height > 0;

  /** The strip of icons at the window's end, if it is there and not folded away. */
  const rail = () => find("rail", (element) => isShown(element.getBoundingClientRect()));

  /** Whether Gmail's density is compact: an item of its navigation is then 24 px high. */
  function isCompact() {
    const item = find("navigationItem", (element) => isShown(element.getBoundingClientRect()));
    return item !== null && item.getBoundingClientRect().height < COMPACT_PX;
  }

  /** The element whose rectangle a workspace covers, or null. */
  const contentColumn = () => find("contentColumn", isRoomy);

  /** Where the header ends; views may begin under it. */
  function headerBottom() {
    const isHeader = (rect) => rect.width >= LEAST_WIDTH_PX && rect.bottom > 0 && rect.bottom < innerHeight / 3;
    const header = find("header", (element) => isHeader(element.getBoundingClientRect()));
    return header?.getBoundingClientRect().bottom ?? HEADER_PX;
  }

  /** The rectangle to cover, in the window's pixels: below the header, beside the left navigation. */
  function contentRect() {
    const [top, bottom] = [headerBottom(), innerHeight];
    const column = contentColumn()?.getBoundingClientRect();
    if (column) {
      const left = Math.max(0, column.left);
      return { left, right: Math.min(innerWidth, column.right), top: Math.min(Math.max(top, column.top), bottom / 3), bottom };
    }
    const navigation = innerWidth < NARROW_PX ? 0 : NAVIGATION_PX;
    const [left, right] = isRightToLeft() ? [0, navigation] : [navigation, 0];
    return { left, right: innerWidth - right, top, bottom };
  }

  /** Whether a computed colour is dark; null if nothing is painted. */
  function isDarkColour(colour) {
    const [red, green, blue, alpha = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number);
    return blue === undefined || alpha < 0.5 ? null : (red + green + blue) / 3 < 128;
  }

  /** Whether Gmail's content is dark, by the first painted background at or above it. */
  function isDark() {
    for (let element = find("content") ?? document.body; element; element = element.parentElement) {
      const dark = isDarkColour(getComputedStyle(element).backgroundColor);
      if (dark !== null) return dark;
    }
    const text = find("navigationText");
    return text !== null && isDarkColour(getComputedStyle(text).color) === false;
  }

  /** The compose windows that stand open, as rectangles; where their strip is not known, the dialogs that stand on the window's foot. */
  function composeRects() {
    const strip = find("composeStrip");
    const [within, selectors] = strip ? [strip, places.composeWindow] : [document, places.dialog];
    const windows = selectors.flatMap((selector) => [...within.querySelectorAll(selector)]);
    const rects = windows.map((element) => element.getBoundingClientRect()).filter(isShown);
    return strip ? rects : rects.filter(({ bottom }) => Math.abs(innerHeight - bottom) <= FOOT_PX);
  }

  deskside.gmail = {
    address,
    composeRects,
    composeRow: () => find("composeRow"),
    composeStrip: () => find("composeStrip"),
    contentColumn,
    contentRect,
    isCompact,
    isDark,
    isMailPage,
    isRightToLeft,
    isSettled,
    outline,
    rail,
    usePlaces,
  };
})();
