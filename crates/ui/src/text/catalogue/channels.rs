//! The texts of a project's channels on the Control Panel (F4, W2, W3).

catalogue! {
    /// All texts of a project's channels, in one language.
    ChannelsCatalogue;

    /// The heading over them.
    channels = "Channels";
    /// The heading over which of them an agent is subscribed to (N1).
    subscriptions = "My subscriptions";
    /// Under it.
    subscriptions_hint =
        "Counters, sounds and pop-ups come from the channels that are ticked. You see the others too, and what is assigned to you is always told.";
    /// There are none.
    no_channels = "There are no channels yet.";
    /// A switch (F4).
    files_allowed = "Clients may send files";
    /// Under it.
    files_allowed_hint = "In the online chat, up to the relay’s limit for each file.";
    /// A switch (W3).
    visits_allowed = "Note the pages that clients open";
    /// Under it.
    visits_allowed_hint =
        "Agents see them beside the conversation once the client opens the chat; never of browsers that send Do Not Track or Global Privacy Control.";
    /// Why an agent cannot change them (J2).
    administrators_only = "Only administrators and owners of the project can change this.";
}
