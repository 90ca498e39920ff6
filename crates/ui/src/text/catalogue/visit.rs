//! The texts of a client's visit of the website (I1).

catalogue! {
    /// All texts of a client's visit, in one language.
    VisitCatalogue;

    /// The section.
    visit = "Visit of the website";
    /// Nothing was told of one.
    none = "Nothing is known of a visit. Either the client’s browser asks not to be followed, or visits are not noted in this channel.";
    /// A page of the site is in sight.
    here = "On the website now";
    /// None is: when it was last.
    last_here = "Last on the website: {when}";
    /// A fact.
    ip = "IP address";
    /// A fact.
    browser = "Browser";
    /// A fact: width and height.
    screen = "Screen resolution";
    /// A screen's size.
    screen_size = "{width} × {height}";
    /// A fact.
    language = "Browser language";
    /// A fact: the first page.
    start_page = "Start page";
    /// A fact: the page that he is on, or was on last.
    current_page = "Current page";
    /// A fact: how many.
    pages_opened = "Pages opened";
    /// Under the list, where it does not have all.
    newest_only = "The newest {n} are listed.";
    /// A fact: how long pages of the site were in sight.
    time_on_site = "Time on the site";
    /// When a page was opened, and how long it was in sight.
    page_facts = "{when} · {time}";
    /// A time of less than a minute.
    seconds = "{s} s";
    /// A time of less than an hour.
    minutes = "{m} min {s} s";
    /// A longer time.
    hours = "{h} h {m} min";
}
