//! What the demo tells a newcomer, step by step.

use std::path::Path;

use super::{AGENTS, Demo, PROJECT};
use crate::workspace;

/// The steps from nothing to an answered message.
pub(super) fn text(demo: &Demo, data: &Path) -> String {
    let codes: Vec<String> =
        demo.agents.iter().map(|agent| format!("       {:<28} {}", agent.email, agent.code)).collect();
    let mut steps = format!(
        "
Deskside runs. Project \"{PROJECT}\", data in {data} (--reset begins anew).

  1. The extension. In Chromium or Chrome open chrome://extensions, switch on \"Developer mode\",
     press \"Load unpacked\" and choose this folder:

       {folder}

  2. The agent. Press the extension's button in the toolbar: its page opens. Relay address:

       {relay}

     and one of these invitation codes. Each works once; for two agents at a time use two browser profiles:

{codes}

  3. Gmail. Open https://mail.google.com, press the Deskside button there, and \"Offline\" to go online.

  4. The client. Open the shop, here or in another browser, and write to it:

       {shop}
",
        data = workspace::short(data),
        folder = workspace::root().display(),
        relay = demo.relay(),
        codes = codes.join("\n"),
        shop = demo.shop(),
    );
    if demo.agents.iter().any(|agent| AGENTS.contains(&agent.email.as_str())) {
        steps.push_str(
            "
A Gmail page counts for the agent whose address it shows. To answer in your own Gmail run
`cargo xtask demo --agent you@gmail.com`; for a stand-in of Gmail with both agents signed in,
`cargo xtask demo --browser`.
",
        );
    }
    steps.push_str("\nCtrl-C stops it.\n");
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::Invited;

    #[test]
    fn every_address_and_code_is_told() {
        let agents = vec![Invited { email: AGENTS[0].to_owned(), code: "AB-12".to_owned() }];
        let demo = Demo { port: 81, agents, channel_key: "pk_x".to_owned() };
        let text = text(&demo, Path::new("data"));
        for part in
            ["http://127.0.0.1:81", "http://localhost:81/demo/pk_x", "AB-12", AGENTS[0], "--agent you@gmail.com"]
        {
            assert!(text.contains(part), "{part} is missing in {text}");
        }
    }
}
