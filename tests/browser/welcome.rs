//! The page of the first start: from the terminal's link to the first client.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use futures_util::FutureExt;
use serde_json::json;
use testkit::agent::Agent;
use testkit::axe::violations;
use testkit::chromium::{Browser, Launch, PATIENCE};
use testkit::contact::Contact;
use testkit::relay::Relay;
use testkit::{artefacts, eventually, paths};
use thirtyfour::{By, Key, WebElement};

const NAME: &str = "Project name";
const EMAIL: &str = "Your Gmail or Workspace address";
const WEBSITE: &str = "Website address";

/// A relay that was started for the first time, and its first owner.
struct Desk {
    relay: Relay,
    owner: Agent,
    /// The code of the link in the terminal.
    code: String,
    /// Where the pictures go.
    test: &'static str,
}

/// What the page shows besides its form.
struct Shown {
    invitation: String,
    demo: String,
}

impl Desk {
    /// Starts both, runs `body`, and keeps what the browser showed if it fails.
    async fn run(test: &'static str, body: impl AsyncFnOnce(&mut Self) -> Result<()>) -> Result<()> {
        let mut relay = Relay::new()?;
        relay.start().await?;
        let link = format!("Make the first project at {}/welcome#", relay.url());
        let said = relay.log_text()?;
        let code =
            said.lines().find_map(|line| line.strip_prefix(&link)).context("the relay printed no link")?.to_owned();
        let launch = Launch { extension: Some(paths::extension()?), size: (1100, 1300), ..Launch::default() };
        let owner = Agent::start("Mira", "mira@fennimore.example", launch).await?;
        let mut desk = Self { relay, owner, code, test };
        let outcome = AssertUnwindSafe(body(&mut desk)).catch_unwind().await;
        if !matches!(outcome, Ok(Ok(()))) {
            artefacts::save(&artefacts::folder(test)?, "Mira", desk.browser()).await;
        }
        match outcome {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }

    fn browser(&self) -> &Browser {
        self.owner.browser()
    }

    /// Opens the page with a code, or changes the code of the open page.
    async fn opens(&self, code: &str) -> Result<()> {
        Ok(self.browser().driver().goto(format!("{}/welcome#{code}", self.relay.url())).await?)
    }

    /// The window as of a phone or a desk, in a theme.
    async fn looks(&self, width: u32, dark: bool) -> Result<()> {
        let cdp = self.browser().driver().cdp();
        let scheme = if dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        cdp.send_raw("Emulation.setEmulatedMedia", media).await?;
        let size = json!({ "width": width, "height": 1300, "deviceScaleFactor": 1, "mobile": width < 500 });
        cdp.send_raw("Emulation.setDeviceMetricsOverride", size).await?;
        Ok(())
    }

    /// axe-core finds nothing in what is shown (G5), and nothing stands out at the side; takes a picture.
    async fn is_usable(&self, what: &str) -> Result<()> {
        let found = violations(self.browser(), "document").await?;
        ensure!(found.is_empty(), "axe-core on {what}: {found:#?}");
        let fits = self.browser().run("return document.documentElement.scrollWidth <= innerWidth;").await?;
        ensure!(fits == true, "{what} is wider than its window");
        self.browser().screenshot(&artefacts::folder(self.test)?.join(format!("{what}.png"))).await
    }

    /// The field of a label.
    async fn field(&self, label: &str) -> Result<WebElement> {
        let path = format!("//input[@id=//label[normalize-space()=\"{label}\"]/@for]");
        Ok(self.browser().driver().find(By::XPath(path)).await?)
    }

    async fn types(&self, label: &str, text: &str) -> Result<()> {
        let field = self.field(label).await?;
        field.clear().await?;
        Ok(field.send_keys(text).await?)
    }

    async fn typed(&self) -> Result<[String; 3]> {
        let mut typed = <[String; 3]>::default();
        for (value, label) in typed.iter_mut().zip([NAME, EMAIL, WEBSITE]) {
            *value = self.field(label).await?.prop("value").await?.unwrap_or_default();
        }
        Ok(typed)
    }

    async fn creates(&self) -> Result<()> {
        self.browser().press("#create").await
    }

    /// Waits until the field stands with words about it, has the focus, and names the words for screen readers.
    async fn is_told_of(&self, label: &str, words: &str) -> Result<()> {
        let field = &self.field(label).await?;
        eventually(format!("words about {label:?}"), PATIENCE, || async move {
            let told = field.attr("aria-describedby").await?.unwrap_or_default();
            let wrong = told.split(' ').next().unwrap_or_default();
            let said = self.browser().driver().find(By::Id(wrong)).await?.text().await?;
            let invalid = field.attr("aria-invalid").await?;
            let focus = self.browser().run("return document.activeElement.id;").await?;
            ensure!(
                said.contains(words) && invalid.as_deref() == Some("true"),
                "it says {said:?}, invalid: {invalid:?}"
            );
            ensure!(focus.as_str() == field.id().await?.as_deref(), "the focus is in {focus}");
            Ok(Some(()))
        })
        .await
    }

    /// Waits until the page's alert says this.
    async fn is_alerted(&self, words: &str) -> Result<()> {
        eventually(format!("an alert of {words:?}"), PATIENCE, || async move {
            let said = self.browser().driver().find(By::Css("[role=\"alert\"]")).await?.text().await?;
            ensure!(said.contains(words), "it says {said:?}");
            Ok(Some(()))
        })
        .await
    }

    /// Waits for the steps, and reads what they give.
    async fn sees_steps(&self, heading: &str) -> Result<Shown> {
        let title = self.browser().find("#made-title").await?.text().await?;
        ensure!(title == heading, "the page is headed {title:?}");
        let address = self.browser().driver().current_url().await?;
        ensure!(address.fragment().is_none(), "the code stands in {address} still");
        let invitation = self.browser().find_test("invitation-code").await?.text().await?;
        let demo = self.browser().find("#demo").await?.prop("href").await?.unwrap_or_default();
        Ok(Shown { invitation, demo })
    }

    /// Presses a button that copies, and gives what is on the clipboard then.
    async fn copies(&self, what: &str) -> Result<String> {
        let origin = self.relay.url();
        let grant = json!({ "origin": origin, "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
        self.browser().driver().cdp().send_raw("Browser.grantPermissions", grant).await?;
        let button = self.browser().find(&format!("[data-copy=\"{what}\"]")).await?;
        button.click().await?;
        let button = &button;
        eventually(format!("{what} to be copied"), PATIENCE, || async move {
            Ok(button.text().await?.starts_with("Copied").then_some(()))
        })
        .await?;
        let read = "navigator.clipboard.readText().then(arguments[0]);";
        let text = self.browser().driver().execute_async(read, Vec::new()).await?.json().clone();
        Ok(text.as_str().context("the clipboard holds a text")?.to_owned())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_owner_gets_from_the_link_to_his_first_client() -> Result<()> {
    // J3 W1 W2
    Desk::run("welcome", async |desk| {
        desk.opens("").await?;
        desk.browser().find("#without-view").await?;
        desk.is_usable("without-a-link").await?;

        // By keyboard alone, without a website.
        desk.opens(&desk.code).await?;
        desk.field(NAME).await?.click().await?;
        let email = desk.owner.email.clone();
        let keys = desk.browser().driver().action_chain().send_keys("Fennimore").send_keys(Key::Tab).send_keys(&email);
        keys.send_keys(Key::Tab).send_keys(Key::Tab).send_keys(Key::Enter).perform().await?;
        let shown = desk.sees_steps("Fennimore is ready").await?;
        let focus = desk.browser().run("return document.activeElement.id;").await?;
        ensure!(focus == "made-title", "the focus is in {focus}");
        desk.is_usable("steps-without-a-website").await?;
        ensure!(desk.copies("invitation").await? == shown.invitation);
        ensure!(desk.copies("relay").await? == desk.relay.url());
        desk.browser().driver().refresh().await?;
        desk.sees_steps("Fennimore is ready").await?;

        // What the steps say is enough to answer the first client, on the demo page.
        desk.owner.signs_in(&desk.relay.url(), &shown.invitation).await?;
        desk.owner.opens_gmail().await?;
        desk.owner.opens_panel().await?;
        desk.owner.goes_online().await?;
        desk.owner.closes_panel().await?;
        let ann = Arc::new(Browser::launch(&Launch::default()).await?);
        let ann = Contact::new("Ann", &shown.demo, ann);
        ann.opens_chat().await?;
        ann.writes("Is anybody there?").await?;
        desk.owner.sees_popup("Is anybody there?").await?.click().await?;
        desk.owner.accepts().await?;
        desk.owner.answers("Yes.").await?;
        ann.sees("Yes.").await?;

        // The link makes no second project.
        desk.opens(&desk.code).await?;
        desk.browser().run("sessionStorage.clear();").await?;
        desk.browser().driver().refresh().await?;
        desk.types(NAME, "Another").await?;
        desk.types(EMAIL, "eve@example.com").await?;
        desk.creates().await?;
        desk.is_alerted("deskside welcome").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_said_and_nothing_typed_is_lost() -> Result<()> {
    // J3
    Desk::run("welcome-wrong", async |desk| {
        desk.opens(&desk.code).await?;
        desk.is_usable("form").await?;
        desk.creates().await?;
        desk.is_told_of(NAME, "a name").await?;
        desk.is_usable("empty").await?;
        desk.types(NAME, &"x".repeat(101)).await?;
        desk.types(EMAIL, "mira").await?;
        desk.types(WEBSITE, "http://shop.example").await?;
        for (label, words, mended) in [
            (NAME, "at most 100 characters", "Fennimore"),
            (WEBSITE, "such as https://shop.example", "https://shop.example/contact?from=mail"),
            (EMAIL, "a whole address", "mira@fennimore.example"),
        ] {
            desk.creates().await?;
            desk.is_told_of(label, words).await?;
            desk.is_usable(&format!("wrong-{}", label.split(' ').next().unwrap_or_default())).await?;
            desk.types(label, mended).await?;
        }
        let typed = ["Fennimore", "mira@fennimore.example", "https://shop.example/contact?from=mail"];

        // Away, and back.
        desk.relay.kill().await?;
        desk.creates().await?;
        desk.is_alerted("does not answer").await?;
        ensure!(desk.typed().await? == typed, "{:?}", desk.typed().await?);
        desk.relay.start().await?;
        desk.browser().driver().refresh().await?;
        ensure!(desk.typed().await? == typed, "after a reload: {:?}", desk.typed().await?);

        // A wrong link, and the right one in the same tab.
        desk.opens("0000-0000-0000-0000").await?;
        desk.creates().await?;
        desk.is_alerted("deskside welcome").await?;
        desk.is_usable("wrong-link").await?;
        desk.looks(320, true).await?;
        desk.is_usable("wrong-link-320-dark").await?;
        desk.looks(1100, false).await?;
        desk.opens(&desk.code).await?;
        ensure!(desk.typed().await? == typed, "with the right link: {:?}", desk.typed().await?);
        desk.creates().await?;
        desk.sees_steps("Fennimore is ready").await?;
        let script = desk.copies("script").await?;
        ensure!(script.starts_with(&format!("<script async src=\"{}/widget/ck_", desk.relay.url())), "{script}");
        desk.is_usable("steps").await?;
        desk.looks(1100, true).await?;
        desk.is_usable("steps-dark").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn long_names_fit_a_phone_and_another_address_is_explained() -> Result<()> {
    // J3
    Desk::run("welcome-long", async |desk| {
        let port = desk.relay.url().rsplit(':').next().unwrap_or_default().to_owned();
        desk.browser().driver().goto(format!("http://localhost:{port}/welcome#{}", desk.code)).await?;
        desk.browser().find("#elsewhere-view").await?;
        desk.is_usable("another-address").await?;
        desk.browser().click("#elsewhere-link").await?;
        desk.browser().find("#form-view").await?;
        let address = desk.browser().driver().current_url().await?;
        ensure!(address.as_str() == format!("{}/welcome#{}", desk.relay.url(), desk.code), "it leads to {address}");

        desk.looks(320, true).await?;
        let name = "Donaudampfschifffahrtselektrizität".repeat(2);
        desk.types(NAME, &name).await?;
        desk.types(EMAIL, "somebody.with.a.very.long.address@mail.department.fennimore-pottery.example").await?;
        desk.types(WEBSITE, "https://www.department-of-ceramics-and-stoneware.fennimore-pottery.example").await?;
        desk.is_usable("long-form-320-dark").await?;
        desk.creates().await?;
        desk.sees_steps(&format!("{name} is ready")).await?;
        desk.browser().click("summary").await?;
        desk.is_usable("long-steps-320-dark").await?;
        desk.looks(320, false).await?;
        desk.is_usable("long-steps-320-light").await
    })
    .await
}
