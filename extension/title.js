// The tab's title.
(() => {
  "use strict";
  const deskside = (globalThis.deskside ??= {});

  /** Keeps "(3) " in front of the tab's title, also after Gmail writes its own (N8). */
  function makeTitle() {
    let prefix = "";
    let own = document.title;
    let written = null;
    const write = () => {
      if (document.title !== written) own = document.title;
      written = prefix + own;
      if (document.title !== written) document.title = written;
    };
    const observer = new MutationObserver(write);
    // Gmail may put another element in its title's place.
    if (document.head) observer.observe(document.head, { childList: true, characterData: true, subtree: true });
    return {
      show: (n) => {
        prefix = n > 0 ? `(${n}) ` : "";
        write();
      },
      end: () => {
        observer.disconnect();
        prefix = "";
        write();
      },
    };
  }

  deskside.makeTitle = makeTitle;
})();
